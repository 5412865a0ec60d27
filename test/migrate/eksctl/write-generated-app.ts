import * as fs from 'node:fs';
import { GENERATED_APP, generatedApp } from './inputs';

fs.writeFileSync(GENERATED_APP, generatedApp());
