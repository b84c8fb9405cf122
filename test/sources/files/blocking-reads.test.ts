import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ZipOptions } from "../../../src/archive/options.ts";
import { ZipStream } from "../../../src/archive/zip-stream.ts";
import { collect, noise } from "../../support/bytes.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const temp = useTempDirectory();

/** What may take as long as a disk does. */
const BLOCKING = ["openSync", "readSync", "readdirSync", "fstatSync", "lstatSync", "statSync"] as const;

let blocked = 0;

beforeEach(() => {
	for (const name of BLOCKING) {
		const call = fs[name] as (...args: unknown[]) => unknown;
		vi.spyOn(fs, name).mockImplementation(((...args: unknown[]) => {
			blocked += 1;
			return call(...args);
		}) as never);
	}
	syncBuiltinESMExports();
});

afterEach(() => {
	vi.restoreAllMocks();
	syncBuiltinESMExports();
});

async function archive(options: ZipOptions): Promise<{ bytes: Buffer; blocked: number }> {
	blocked = 0;
	const zip = new ZipStream(options).addPath(temp.path("t")).addPath(temp.path("single"));
	await zip.predictSize();
	const bytes = await collect(zip);
	return { bytes, blocked };
}

it("does without blocking calls unless they are allowed, and makes the same archive", async () => {
	await temp.write({ "t/d/f": "x", "t/large": noise(3_000_000), "t/l": { link: "d" }, single: "y" });
	const asked = await archive({ blockingReads: true });
	const usual = await archive({});
	expect(asked.blocked).toBeGreaterThan(0);
	expect(usual.blocked).toBe(0);
	expect(usual.bytes.equals(asked.bytes)).toBe(true);
});
