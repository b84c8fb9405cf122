import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Md5Pair, TwoMd5s } from "../../../src/bytes/hash/md5-pair.js";
import { noise } from "../../support/bytes.ts";

function md5(bytes: Uint8Array): string {
	return createHash("md5").update(bytes).digest("hex");
}

/** Hashes parts of these sizes both ways. */
function expectSame(sizes: readonly number[], pair: Md5Pair | TwoMd5s = new Md5Pair()): void {
	const parts = sizes.map((size, index) => noise(size, index + 1));
	for (const part of parts) expect(pair.part(part)).toBe(md5(part));
	expect(pair.whole()).toBe(md5(Buffer.concat(parts)));
}

describe("Md5Pair (RFC 1321)", () => {
	it.each([0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 65_535, 65_536, 65_537, 200_000])(
		"hashes %d bytes as node:crypto does",
		(size) => expectSame([size]),
	);

	it("hashes parts whose blocks are those of the whole", () => expectSame([65_536, 131_072, 64, 100]));

	it.each([Md5Pair, TwoMd5s])("hashes parts of any sizes ($name)", (Pair) => {
		const sizes = fc.array(fc.nat(300), { maxLength: 8 });
		fc.assert(
			fc.property(sizes, (list) => expectSame(list, new Pair())),
			{ numRuns: 100 },
		);
	});

	it("runs what md5-pair.wat compiles to", () => {
		execFileSync(process.execPath, ["scripts/compile-wat.mjs", "--check"]);
	});
});
