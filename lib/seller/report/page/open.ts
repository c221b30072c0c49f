import { modelOfJson } from '../model-json.ts';
import { mountReport } from './mount.ts';

// The report as a file: the model lies beside this script.
const model = document.getElementById('report-model')?.textContent ?? '';
const main = document.getElementById('report');
if (main !== null) mountReport(main, modelOfJson(model));
