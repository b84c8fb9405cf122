import { defineConfig } from "vitest/config";
import { LongFirst } from "./.ci/long-first.js";
import { OutcomeReporter } from "./.ci/outcome-reporter.js";

/** Tests that keep to themselves: they can do without a process for each file. */
const UNITS = "test/{async,bytes,localstack,support,zip}/**/*.test.ts";
/** Where CI wants to know what became of each file. */
const outcomePath = process.env["ZIPFERRY_TEST_OUTCOME"] || undefined;
/** As long as something takes on a machine that is busy; what never happens fails after it. */
const PATIENCE_MS = 60_000;

export default defineConfig({
	test: {
		projects: [
			{ extends: true, test: { name: "units", include: [UNITS], isolate: false } },
			{ extends: true, test: { name: "whole", include: ["test/**/*.test.ts", `!${UNITS}`] } },
		],
		...(outcomePath === undefined ? {} : { reporters: ["default", new OutcomeReporter(outcomePath)] }),
		// What takes long and seldom fails alone: `npm test` leaves it out, `npm run test:all` and CI do not.
		tags: [{ name: "slow" }],
		// Files share two cores with the servers they start.
		maxWorkers: 2,
		sequence: { sequencer: LongFirst },
		// Processes, servers and signals on a loaded machine: once more, and the report says which.
		retry: process.env["CI"] === undefined ? 0 : 1,
		testTimeout: 2 * PATIENCE_MS,
		hookTimeout: 2 * PATIENCE_MS,
		teardownTimeout: PATIENCE_MS,
		// Its default is a second. Tests that wait by `vi.waitFor` say how long.
		expect: { poll: { timeout: PATIENCE_MS } },
		env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
	},
});
