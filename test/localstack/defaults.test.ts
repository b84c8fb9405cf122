import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DEFAULT_BUCKET } from "../../localstack/strict-s3/command-line.ts";

/** What the groups of all matches hold. */
function found(text: string, pattern: RegExp): (string | undefined)[] {
	return [...text.matchAll(pattern)].map(([, group]) => group);
}

function read(path: string): string {
	return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
}

describe("the bucket that is there without being asked for", () => {
	it("is the same with Docker as with npm run localstack", () => {
		const compose = read("localstack/compose.yaml");
		expect(found(compose, /create-bucket, --bucket, ([^\]\s]+)\]/g)).toEqual([DEFAULT_BUCKET]);
		expect(found(compose, /\[mc, mb, --ignore-existing, store\/([^\]\s]+)\]/g)).toEqual([DEFAULT_BUCKET]);
	});

	it("is the one that every example uses unless BUCKET is set", () => {
		const examples = readdirSync(new URL("../../examples", import.meta.url)).filter((name) =>
			/BUCKET: bucket/.test(name.endsWith(".ts") ? read(`examples/${name}`) : ""),
		);
		expect(examples.length).toBeGreaterThan(3);
		for (const name of examples) {
			const defaults = found(read(`examples/${name}`), /BUCKET: bucket = "([^"]*)"/g);
			expect(defaults, name).toEqual([DEFAULT_BUCKET]);
		}
	});
});
