/// <reference lib="dom" />
import { mountReport, type Mounted } from '../../../seller/report/page/mount.ts';
import type { ReportModel } from '../../../seller/report/model-shape.ts';
import { el } from '../../../seller/report/page/dom.ts';
import { read } from './api-client.ts';
import { rememberFocus } from './keep-focus.ts';
import type { Area } from './area.ts';

/** The same report as the file, of now. */
export function reportArea(failed: (error: unknown) => void): Area {
  const root = el('div');
  let mounted: Mounted | undefined;
  let key = '';
  let reading = false;
  return {
    element: root,
    show: ({ reportKey }) => {
      if (reading || reportKey === key) return;
      reading = true;
      read<ReportModel>('report')
        .then((model) => {
          key = reportKey;
          if (mounted === undefined) mounted = mountReport(root, model);
          else update(mounted, model);
        })
        .catch(failed)
        .finally(() => (reading = false));
    },
  };

  /** The report draws itself with the next frame: the focus is looked up right before and given back right after. */
  function update(report: Mounted, model: ReportModel): void {
    let giveBack = (): void => undefined;
    requestAnimationFrame(() => {
      giveBack = rememberFocus(root);
    });
    report.update(model);
    requestAnimationFrame(() => {
      giveBack();
    });
  }
}
