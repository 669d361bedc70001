/** What ECharts is told to draw, by the kind of chart. Pure: columns in, a drawing out, or why there is none. */

import { gauge } from './gauge.ts';
import { histogram } from './histogram.ts';
import type { ChartInput, Drawing, Refusal } from './input.ts';
import { overTime } from './over-time.ts';
import { pie } from './pie.ts';
import { scatter } from './scatter.ts';

export function drawing(input: ChartInput): Drawing | Refusal {
  switch (input.kind) {
    case 'pie':
      return pie(input);
    case 'scatter':
      return scatter(input);
    case 'gauge':
      return gauge(input);
    case 'histogram':
      return histogram(input);
    default:
      return overTime(input);
  }
}
