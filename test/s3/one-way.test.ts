import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const SOURCES = new URL("../../src/", import.meta.url).pathname;

/** Files of src in which a pattern occurs. */
function filesWith(pattern: RegExp): string[] {
	return readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
		.filter((name) => name.endsWith(".ts") && pattern.test(readFileSync(join(SOURCES, name), "utf8")))
		.sort();
}

describe("requests to a storage", () => {
	it("are sent by send() alone, which gives up, repeats and explains", () => {
		expect(filesWith(/\b(client|patient|connection)\.send\(/)).toEqual(["s3/send.ts"]);
		// Another protocol, whose requests the SDK does not make.
		const http = "reader/ranged/url/http-source.ts";
		expect(filesWith(/import \{[^}]*\bwithRetries\b/)).toEqual([http, "s3/send.ts"]);
	});

	it("have what an ETag proves in one file", () => {
		const files = filesWith(/\[0-9a-f\]\{32\}|"aws:kms/);
		expect(files.filter((file) => !file.startsWith("cli/options/"))).toEqual(["s3/object-proof.ts"]);
	});
});
