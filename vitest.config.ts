import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		include: ["test/**/*.test.ts"],
		// Files share two cores with the servers they start.
		maxWorkers: 2,
		// Processes, servers and signals on a loaded machine: once more, and the report says which.
		retry: process.env["CI"] === undefined ? 0 : 1,
		testTimeout: 60_000,
		hookTimeout: 60_000,
		env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
	},
});
