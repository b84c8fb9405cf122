import { describe, expect, it } from "vitest";
import { costLines, formatMoney } from "../../../src/cli/commands/write/cost-lines.ts";
import { planCost } from "../../../src/upload/cost/plan-cost.ts";
import type { UploadFacts } from "../../../src/upload/cost/upload-requests.ts";

const GIB = 1024 ** 3;

const FACTS: UploadFacts = {
	...{ size: 5 * GIB, entryCount: 20_000, partCount: 640, directorySize: 2e6 },
	...{ copiedSize: 0, copiedPartCount: 0, copiedEntryCount: 0 },
	...{ objectCount: 0, objectSize: 0, noClobber: false, resume: false },
	...{ verify: undefined, verifySample: 0.01 },
};

describe("the lines about costs", () => {
	it("say what is asked and moved, and what that comes to", () => {
		expect(costLines(planCost(FACTS, { provider: "aws" }), "aws")).toEqual([
			"requests    at most 1 CreateMultipartUpload, 640 UploadPart,",
			"            1 CompleteMultipartUpload, 1 HeadBucket, 1 HeadObject,",
			"            1 ListMultipartUploads",
			"moves       at most 5.00 GiB sent",
			"cost        at most $0.0033 once and $0.12 a month",
			expect.stringMatching(/^prices {6}Amazon S3, us-east-1, STANDARD, list of \d{4}-\d\d-\d\d$/),
		]);
	});

	it("say what is copied and read back, and for how long a class is billed at least", () => {
		const facts = {
			...FACTS,
			partCount: 80,
			copiedSize: 4 * GIB,
			copiedPartCount: 60,
			copiedEntryCount: 16_000,
		};
		const cost = planCost({ ...facts, baseDirectorySize: 2e6 }, { provider: "wasabi" });
		const lines = costLines(cost, "wasabi").join("\n");
		expect(lines).toContain("60 UploadPartCopy");
		expect(lines).toMatch(
			/^moves {7}at most 1\.00 GiB sent, 4\.00 GiB copied by the storage,\n {12}[\d.]+ MiB read from it$/m,
		);
		expect(lines).toMatch(/^cost {8}at most \$0 once and \$0\.040 a month, an account at least \$7\.99$/m);
		expect(lines).toMatch(/^at least {4}90 days are billed, \$0\.12, also if it is removed sooner$/m);
	});

	it("say what is not known", () => {
		expect(costLines(undefined, "aws")).toEqual(["cost        unknown, as a source has no known size"]);
		expect(costLines(planCost(FACTS, { provider: "minio" }), "minio").at(-1)).toBe(
			"cost        no list prices of provider minio and this storage class; --json has what others ask",
		);
		expect(costLines(planCost(FACTS, { provider: "scaleway" }), "scaleway").at(-2)).toBe(
			"cost        at most €0 once and an unknown amount a month",
		);
	});
});

it.each([
	[0, "$0"],
	[0.000_001, "$0.0001"],
	[0.0072, "$0.0072"],
	[0.007_21, "$0.0073"],
	[0.1 + 0.2, "$0.30"],
	[0.301, "$0.31"],
	[7.99, "$7.99"],
	[12.001, "$12.01"],
	[1234.5, "$1,235"],
] as const)("formatMoney rounds %d up to %s", (price, text) => {
	expect(formatMoney(price, "USD")).toBe(text);
});
