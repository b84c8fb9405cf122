import { describe, expect, it } from "vitest";
import { CONNECT_OPTIONS } from "../../../../src/cli/options/connect-options.ts";
import { flagOf } from "../../../../src/cli/options/flag-of.ts";
import { readValues } from "../../../../src/cli/options/read-values.ts";
import { REMOTE_OPTIONS } from "../../../../src/cli/options/sources/remote-options.ts";
import { sourceStorageOf } from "../../../../src/cli/options/sources/source-storage-of.ts";

const storageOf = (given: Readonly<Record<string, unknown>>) =>
	sourceStorageOf(readValues(REMOTE_OPTIONS, given));

describe("the storage of sources", () => {
	it("is not said by options about anything else", () => {
		expect(storageOf({})).toBeUndefined();
		expect(storageOf({ "read-ahead": "5", "skip-missing": true })).toBeUndefined();
	});

	it("is said as a whole by any of its options", () => {
		expect(storageOf({ "source-profile": "old" })).toEqual({ profile: "old" });
		expect(storageOf({ "source-path-style": false })).toEqual({ pathStyle: false });
		expect(storageOf({ "source-endpoint-url": "http://x", "source-ca-file": "ca.pem" })).toEqual({
			endpoint: "http://x",
			caFile: "ca.pem",
		});
	});

	it("has the options of the storage that is uploaded to, apart from the patience with it", () => {
		const patience = ["connect-timeout", "read-timeout", "retry-time"];
		const names = Object.keys(CONNECT_OPTIONS).filter((name) => !patience.includes(name));
		for (const name of names) expect(REMOTE_OPTIONS).toHaveProperty(`source-${name}`);
		for (const [name, { sets }] of Object.entries(CONNECT_OPTIONS))
			if (!patience.includes(name)) expect(flagOf(`sourceStorage.${sets}`)).toBe(`--source-${name}`);
	});
});
