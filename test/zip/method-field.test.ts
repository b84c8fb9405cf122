import { describe, expect, it } from "vitest";
import { InvalidOptionError, ZipStream } from "../../src/index.ts";
import { hasZstd, IF_ZSTD } from "../support/zstd.ts";

describe('method "zstd"', () => {
	it.skipIf(hasZstd)("is refused at the call where Node has no zstd, with the Node that is needed", () => {
		const rule = `"zstd" needs Node.js 22.15, 23.8 or later; this is Node.js ${process.versions.node}`;
		const error = expect.objectContaining({ code: "INVALID_OPTION", message: `method ${rule}`, rule });
		expect(() => new ZipStream({ method: "zstd" })).toThrow(error);
		expect(() => new ZipStream().add("a", "x", { method: "zstd" })).toThrow(
			`sources[0].method of the entry "a" ${rule}`,
		);
	});

	it.skipIf(!hasZstd)(`takes levels up to 19${IF_ZSTD}`, () => {
		expect(() => new ZipStream({ method: "zstd", level: 19 })).not.toThrow();
	});
});

describe("a level above 9", () => {
	it.each(["auto", "deflate"] as const)("is refused for method %s, which ends there", (method) => {
		expect(() => new ZipStream({ method, level: 10 })).toThrow(InvalidOptionError);
		expect(() => new ZipStream({ method, level: 10 })).toThrow(
			`level must be a whole number from 1 to 9 for method "${method}", not 10`,
		);
	});
});
