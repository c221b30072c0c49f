import { modelOfJson } from '../model-json.ts';
import { mountReport } from './mount.ts';

// Opens the report in its file. The model is beside this script, and what the file shows without it appears before the model is read.
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
