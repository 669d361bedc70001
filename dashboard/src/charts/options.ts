/** What ECharts is told to draw, by the kind of chart. Pure: columns in, an option object out. */

import type { EChartsCoreOption } from 'echarts/core';
import type { ChartInput } from './input.ts';
import { overTime } from './over-time.ts';

export type ChartOption = EChartsCoreOption;

export function chartOption(input: ChartInput): ChartOption {
  switch (input.kind) {
    case 'line':
    case 'area':
    case 'bar':
    case 'stacked':
      return overTime(input);
    default:
      return overTime({ ...input, kind: 'bar' });
  }
}
