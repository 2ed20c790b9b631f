// SPDX-License-Identifier: Apache-2.0
// node scripts/chart/render.ts: writes deploy/install.yaml as Helm renders the chart. Builds Helm where it is not there.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { installFile } from './install-file.ts';

writeFileSync(resolve(import.meta.dirname, '../../deploy/install.yaml'), await installFile());
