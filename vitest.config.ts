import { defineConfig } from "vitest/config";

/** Tests that keep to themselves: they can do without a process for each file. */
const UNITS = "test/{async,bytes,localstack,support,zip}/**/*.test.ts";

export default defineConfig({
	test: {
		projects: [
			{ extends: true, test: { name: "units", include: [UNITS], isolate: false } },
			{ extends: true, test: { name: "whole", include: ["test/**/*.test.ts", `!${UNITS}`] } },
		],
		// What takes long and seldom fails alone: `npm test` leaves it out, `npm run test:all` and CI do not.
		tags: [{ name: "slow" }],
		// Files share two cores with the servers they start.
		maxWorkers: 2,
		// Processes, servers and signals on a loaded machine: once more, and the report says which.
		retry: process.env["CI"] === undefined ? 0 : 1,
		testTimeout: 60_000,
		hookTimeout: 60_000,
		env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
	},
});
