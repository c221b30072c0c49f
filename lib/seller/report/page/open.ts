import { modelOfJson } from '../model-json.ts';
import { mountReport } from './mount.ts';

// The report as a file: the model lies beside this script, and what the file says without it is seen before it is read.
const model = document.getElementById('report-model')?.textContent ?? '';
const main = document.getElementById('report');
if (main !== null) {
  main.setAttribute('aria-busy', 'true');
  requestAnimationFrame(() => {
    setTimeout(() => {
      main.removeAttribute('aria-busy');
      mountReport(main, modelOfJson(model));
    });
  });
}
