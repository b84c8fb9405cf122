import { describe, expect, it } from "vitest";
import type { ArchiveRecord } from "../../../src/backup/archives/archive-facts.ts";
import { readRecord, updateRecord } from "../../../src/backup/archives/record.ts";
import { StorageError } from "../../../src/errors.ts";
import { BUCKET } from "../../support/demo-server.ts";
import { useArchiveBucket } from "./archive-bucket.ts";

const ARCHIVE = { key: "job/2026-11-01T03-00-00Z.zip", etag: "abc", versionId: undefined };
const RECORD_KEY = `${ARCHIVE.key}.record.json`;
const AT = "2026-11-26T03:00:00.000Z";

/** What conditions are answered with, if the storage knows none. */
let refusal: number | undefined;
const bucket = useArchiveBucket(() => ({
	onRequest: ({ operation, occurrence }) => {
		if (refusal === undefined || operation !== "PutObject" || occurrence % 2 === 0) return undefined;
		return { status: refusal, code: "NotImplemented", message: "no" };
	},
}));

const update = (change: (record: ArchiveRecord) => ArchiveRecord) =>
	updateRecord(bucket().connection, BUCKET, ARCHIVE, change);
const read = (archive = ARCHIVE) => readRecord(bucket().connection, BUCKET, archive);
const verified = (record: ArchiveRecord): ArchiveRecord => ({
	...record,
	verified: [...record.verified, { at: AT, level: "content" }],
});

describe("the record of an archive", () => {
	it("is made by its first change, and read back", async () => {
		expect(await read()).toBeUndefined();
		const drill = {
			at: AT,
			ok: false,
			entryCount: 3,
			size: 9,
			sample: 1,
			elapsedMs: 4,
			host: "h",
			error: "no",
		};
		const written = await update((record) => ({
			...verified(record),
			drills: [drill, { ...drill, ok: true, error: undefined }],
			locks: [{ at: AT, mode: "governance", until: AT }],
		}));
		expect(await read()).toEqual(written);
		expect(written).toMatchObject({ version: 1, etag: "abc", verified: [{ level: "content" }] });
	});

	it("keeps the changes of all who make one at once", async () => {
		await Promise.all(Array.from({ length: 6 }, () => update(verified)));
		expect((await read())?.verified).toHaveLength(6);
	});

	it.each([400, 405, 501])(
		"is written without conditions where the storage answers them with %i",
		async (status) => {
			refusal = status;
			try {
				await update(verified);
				await update(verified);
			} finally {
				refusal = undefined;
			}
			expect((await read())?.verified).toHaveLength(2);
		},
	);

	it("is that of the archive that is there: another one under the same key begins anew", async () => {
		await update(verified);
		const other = { ...ARCHIVE, etag: "def" };
		expect(await read(other)).toBeUndefined();
		await updateRecord(bucket().connection, BUCKET, other, (record) => record);
		expect(await read(other)).toMatchObject({ etag: "def", verified: [] });
		expect(await read()).toBeUndefined();
	});

	it.each([" ", "{", "[]", '{"version":2}', '{"version":1,"etag":"abc","verified":[{"at":"soon"}]}'])(
		"is none where something else lies: %j",
		async (text) => {
			await bucket().server.put(RECORD_KEY, text);
			expect(await read()).toBeUndefined();
			await update(verified);
			expect((await read())?.verified).toHaveLength(1);
		},
	);

	it("is not read if it is larger than any record", async () => {
		await bucket().server.put(RECORD_KEY, " ".repeat(1024 * 1024 + 1));
		await expect(read()).rejects.toThrow(StorageError);
	});

	it("keeps the last 200 of each list", async () => {
		const at = (index: number) => new Date(index * 1000).toISOString();
		const many = Array.from({ length: 300 }, (_, index) => ({ at: at(index), level: "headers" as const }));
		await update((record) => ({ ...record, verified: many }));
		expect((await read())?.verified.map((one) => one.at)).toEqual(many.slice(100).map((one) => one.at));
	});
});
