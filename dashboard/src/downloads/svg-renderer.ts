/** ECharts that writes SVG. Loaded when somebody wants a file of it. */

import { SVGRenderer } from 'echarts/renderers';
import { init, register } from '../charts/echarts.ts';

register([SVGRenderer]);

export function chartSvg(option: Record<string, unknown>, width: number, height: number): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
