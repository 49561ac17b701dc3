// SPDX-License-Identifier: Apache-2.0
import { createBackend } from '@backstage/backend-defaults';

// The part of the portal that failed runs go through, as benchmarks/triage-intake.mjs starts it.
const backend = createBackend();
backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(import('@backstage/plugin-signals-backend'));
backend.add(import('@backstage/plugin-events-backend'));
backend.add(import('@backstage/plugin-events-backend-module-github'));
backend.add(import('@greenroom/plugin-triage-backend'));
backend.add(import('@greenroom/plugin-triage-backend-module-gemini'));
backend.add(import('@greenroom/plugin-triage-backend-module-github'));
backend.start();
