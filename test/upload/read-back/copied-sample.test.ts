import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { createZip, openArchive } from "../../../src/index.ts";
import { resolveOptions } from "../../../src/options/resolve-options.ts";
import type { Connection } from "../../../src/s3/connection.ts";
import { CopiedRanges } from "../../../src/upload/read-back/copied-ranges.ts";
import { sampleOfCopied } from "../../../src/upload/read-back/copied-sample.ts";
import { VERIFY_ARCHIVE_SCHEMA } from "../../../src/verify/options.ts";
import { verifyResolved } from "../../../src/verify/verify-archive.ts";
import { noise } from "../../support/bytes.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const temp = useTempDirectory();
const SIZE = 10_000;
const COUNT = 60;

describe("sampleOfCopied", () => {
	/** Checks an archive of which the first 40 entries count as copied. */
	async function check(share: number) {
		const settings = resolveOptions(VERIFY_ARCHIVE_SCHEMA, { level: "structure", seed: "a seed" });
		const copied = new CopiedRanges();
		const byteLength = (await offsets())[40] ?? 0;
		copied.add({ source: { bucket: "b", key: "k" }, etag: "e", offset: 0, byteLength });
		const connection = {} as Connection; // nothing is large
		const sample = sampleOfCopied(copied, { share, connection, retryTimeMs: 0 });
		return verifyResolved(temp.path("a.zip"), settings, sample);
	}

	async function offsets(): Promise<number[]> {
		const archive = await openArchive(temp.path("a.zip"));
		const found: number[] = [];
		for await (const { offset } of archive) found.push(offset);
		await archive.close();
		return found;
	}

	async function makeArchive(): Promise<void> {
		const names = Array.from({ length: COUNT }, (_, index) => `entry-${String(index).padStart(2, "0")}`);
		const entries = names.map((name, index) => ({ name, content: noise(SIZE, index), mtime: "2020-01-01" }));
		await createZip(entries, temp.path("a.zip"), { method: "store" });
	}

	it("has as many copied entries read as it says, and no others", async () => {
		await makeArchive();
		expect(await check(0.01)).toMatchObject({ ok: true, contentCount: 16, contentSize: 16 * SIZE });
		expect(await check(0.5)).toMatchObject({ ok: true, contentCount: 20 });
		expect(await check(1)).toMatchObject({ ok: true, contentCount: 40 });
	});

	it("finds what is damaged among them, and takes the same ones again", async () => {
		await makeArchive();
		const bytes = await readFile(temp.path("a.zip"));
		for (const offset of (await offsets()).slice(0, 40))
			bytes[offset + SIZE / 2] = 255 - (bytes[offset + SIZE / 2] ?? 0);
		await writeFile(temp.path("a.zip"), bytes);
		const names = async () => (await check(0.01)).findings.map(({ entryName }) => entryName);
		const found = await names();
		expect(found.length).toBe(16);
		expect(found.every((name) => name !== undefined && name < "entry-40")).toBe(true);
		expect(await names()).toEqual(found);
	});
});
