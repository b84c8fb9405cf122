import { mkdir, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { AbortMultipartUploadCommand, DeleteObjectCommand } from "@aws-sdk/client-s3";
import { afterEach, describe, expect, it } from "vitest";
import type { Fault } from "../../../localstack/strict-s3/local-s3.ts";
import { createZip } from "../../../src/archive/create-zip.ts";
import { manifestKey, sliceKey } from "../../../src/shards/shard-keys.ts";
import type { ShardPlan } from "../../../src/shards/shard-plan.ts";
import { makeShard } from "../../../src/shards/work/make-shard.ts";
import type { MethodChoice } from "../../../src/zip/entry.ts";
import { collect, lines, noise } from "../../support/bytes.ts";
import { inspectArchive } from "../../support/inspect-archive.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { METHODS_HERE } from "../../support/zstd.ts";
import { pinTree, type ShardStorage, startShardStorage } from "./shards-by-hand.ts";

const MiB = 1024 * 1024;
const temp = useTempDirectory();
let storage: ShardStorage | undefined;
afterEach(async () => {
	await storage?.close();
	storage = undefined;
});

async function start(...args: Parameters<typeof startShardStorage>): Promise<ShardStorage> {
	storage = await startShardStorage(...args);
	return storage;
}

/** The archive that one process makes. */
async function oneProcess(path: string, method: MethodChoice): Promise<Buffer> {
	let bytes: Buffer = Buffer.alloc(0);
	await createZip(
		path,
		async (chunks) => {
			bytes = await collect(chunks);
		},
		{ method },
	);
	return bytes;
}

const FAULTS: readonly Fault[] = [
	{ status: 500, code: "InternalError", message: "again" },
	{ destroy: true },
	{ loseAnswer: true },
];

/** Requests of one kind that a storage was sent. */
function countOf({ requests }: ShardStorage, operation: string): number {
	return requests.filter((request) => request.startsWith(`${operation} `)).length;
}

describe("makeShard", () => {
	async function writeTree(): Promise<string> {
		await temp.write({
			"t/a/empty": "",
			"t/a/first": noise(6 * MiB, 1),
			"t/a/link": { link: "first" },
			"t/b": null,
			"t/c/large": Buffer.concat([noise(9 * MiB, 2), lines(3 * MiB)]),
			"t/d/e/f/ü": lines(70_000),
			...Object.fromEntries(
				Array.from({ length: 300 }, (_, index) => [`t/m/${1000 + index}`, noise(20_000, index)]),
			),
			"t/z": lines(2 * MiB),
		});
		return temp.path("t");
	}

	it.each(METHODS_HERE)("gives what one process gives, with method %s", { tags: "slow" }, async (method) => {
		const path = await writeTree();
		const { client: _, options, plan: write, archive } = await start();
		const { rows, sources } = await pinTree(path);
		const plan = await write({ rows, sources, counts: [5, 6, 281], method });
		for (const index of [2, 0, 3, 1]) {
			const blockingReads = index % 2 === 0;
			const made = await makeShard(plan, index, { ...options, blockingReads });
			expect(made).toMatchObject({ index, alreadyMade: false, over: false });
			expect(made.entryCount).toBe([5, 6, 281, rows.length - 292][index]);
		}
		const bytes = await archive(plan);
		expect(bytes.equals(await oneProcess(path, method))).toBe(true);
		expect(inspectArchive(bytes).entries).toHaveLength(rows.length);
	});

	it("makes an archive of less than a part out of the tail of its only shard", async () => {
		await temp.write({ "t/only": lines(100_000) });
		const store = await start();
		const plan = await store.plan(await pinTree(temp.path("t")));
		const made = await makeShard(plan, 0, store.options);
		expect(made).toMatchObject({ entryCount: 1, partCount: 0, contentSize: 100_000 });
		expect(await store.slice(plan, 0)).toMatchObject({ parts: [], tailSize: made.size, size: made.size });
		const bytes = await store.archive(plan);
		expect(bytes.equals(await oneProcess(temp.path("t"), "auto"))).toBe(true);
	});

	it("leaves as many first blocks as they are as it takes, if compression leaves too little", async () => {
		await temp.write({ "t/a": Buffer.alloc(3 * MiB), "t/b": lines(4 * MiB), "t/c": "last" });
		const store = await start();
		const hand = { ...(await pinTree(temp.path("t"))), counts: [2] };
		const archives: Buffer[] = [];
		for (const compressConcurrency of [1, 5]) {
			const plan = await store.plan({ ...hand, key: `${compressConcurrency}.zip` });
			const made = await makeShard(plan, 0, { ...store.options, compressConcurrency });
			expect(made.size).toBeGreaterThanOrEqual(5 * MiB);
			expect(made.size).toBeLessThan(6.2 * MiB);
			expect(made).toMatchObject({ partCount: 1, contentSize: 7 * MiB });
			await makeShard(plan, 1, store.options);
			archives.push(await store.archive(plan));
		}
		expect(archives[0]?.equals(archives[1] ?? Buffer.alloc(0))).toBe(true);
		const { entries } = inspectArchive(archives[0] ?? Buffer.alloc(0));
		expect(entries.map(({ content }) => content.byteLength)).toEqual([3 * MiB, 4 * MiB, 4]);
	});

	it("gives every entry the time that the plan says at most", async () => {
		await temp.write({ "t/a": "a" });
		const store = await start();
		const maxMtime = "2001-02-03T04:05:06.000Z";
		const plan = await store.plan({ ...(await pinTree(temp.path("t"))), maxMtime });
		await makeShard(plan, 0, store.options);
		const [entry] = inspectArchive(await store.archive(plan)).entries;
		expect(entry?.unixSeconds).toBe(Date.parse(maxMtime) / 1000);
	});

	it("sends nothing if the shard is made already, and all of it is there", async () => {
		await temp.write({ "t/a": noise(6 * MiB), "t/b": "b" });
		const store = await start();
		const plan = await store.plan({ ...(await pinTree(temp.path("t"))), counts: [1] });
		const made = await makeShard(plan, 0, store.options);
		const sent = countOf(store, "UploadPart");
		expect(await makeShard(plan, 0, store.options)).toEqual({ ...made, alreadyMade: true });
		expect(countOf(store, "UploadPart")).toBe(sent);
	});

	it("sends only what is missing of a shard that somebody has begun", async () => {
		await temp.write({ "t/a": noise(21 * MiB) });
		let refuses = true;
		const store = await start(({ operation, partNumber }) =>
			refuses && operation === "UploadPart" && partNumber === 2
				? { status: 403, code: "AccessDenied", message: "no" }
				: undefined,
		);
		const plan = await store.plan(await pinTree(temp.path("t")));
		await expect(makeShard(plan, 0, { ...store.options, concurrency: 1 })).rejects.toMatchObject({
			code: "STORAGE_REFUSED",
		});
		expect(await store.slice(plan, 0)).toBeUndefined();
		refuses = false;
		const before = store.requests.length;
		await makeShard(plan, 0, store.options);
		const sent = store.requests.slice(before).filter((request) => request.startsWith("UploadPart "));
		expect(sent.sort()).toEqual(["UploadPart 2", "UploadPart 3"]);
	});

	it("can be called by two workers for one shard at the same time", async () => {
		await temp.write({ "t/a": noise(12 * MiB), "t/b": lines(9 * MiB) });
		const store = await start();
		const plan = await store.plan(await pinTree(temp.path("t")));
		const [one, other] = await Promise.all([0, 0].map((index) => makeShard(plan, index, store.options)));
		expect(other).toEqual(one);
		const bytes = await store.archive(plan);
		expect(bytes.equals(await oneProcess(temp.path("t"), "auto"))).toBe(true);
	});

	it("gets over a storage that fails and breaks off", { tags: "slow" }, async () => {
		await temp.write({ "t/a": noise(12 * MiB), "t/b": lines(9 * MiB) });
		let fails = false;
		let count = 0;
		const store = await start(() => {
			count += 1;
			// Every other request, each time in another way.
			return fails && count % 2 === 0 ? FAULTS[(count / 2) % FAULTS.length] : undefined;
		});
		const plan = await store.plan(await pinTree(temp.path("t")));
		const events: string[] = [];
		const onEvent = ({ type }: { readonly type: string }) => void events.push(type);
		fails = true;
		await makeShard(plan, 0, { ...store.options, onEvent });
		fails = false;
		expect(events).toEqual(expect.arrayContaining(["retry", "entry", "progress"]));
		const bytes = await store.archive(plan);
		expect(bytes.equals(await oneProcess(temp.path("t"), "auto"))).toBe(true);
	});

	it("refuses if it would compress to other bytes, before it reads anything", async () => {
		await temp.write({ "t/a": "a" });
		const store = await start();
		const plan = await store.plan({ ...(await pinTree(temp.path("t"))), probe: "0".repeat(64) });
		await expect(makeShard(plan, 0, store.options)).rejects.toMatchObject({
			code: "SHARDS_UNFIT",
			message: expect.stringContaining(process.versions.zlib),
		});
		expect(countOf(store, "GetObject")).toBe(1); // the manifest
	});

	it.each([-1, 1.5, 1])("refuses shard %d of one", async (index) => {
		await temp.write({ "t/a": "a" });
		const store = await start();
		const plan = await store.plan(await pinTree(temp.path("t")));
		await expect(makeShard(plan, index, store.options)).rejects.toMatchObject({ code: "INVALID_OPTION" });
	});

	it("leaves no slice when it is stopped", async () => {
		await temp.write({ "t/a": noise(12 * MiB) });
		const stop = new AbortController();
		const reason = new Error("enough");
		const store = await start(({ operation }) => {
			if (operation === "UploadPart") stop.abort(reason);
			return undefined;
		});
		const plan = await store.plan(await pinTree(temp.path("t")));
		const { signal } = stop;
		await expect(makeShard(plan, 0, { ...store.options, signal })).rejects.toBe(reason);
		expect(await store.slice(plan, 0)).toBeUndefined();
	});

	it("uses checksums where numbers follow each other, and none where they may have gaps, with aws", async () => {
		await temp.write({ "t/a": noise(6 * MiB), "t/b": noise(6 * MiB) });
		const store = await start(undefined, "aws");
		for (const method of ["store", "deflate"] as const) {
			const plan = await store.plan({ ...(await pinTree(temp.path("t"))), counts: [1], method, key: method });
			await makeShard(plan, 0, store.options);
			await makeShard(plan, 1, store.options);
			const [part] = (await store.slice(plan, 0))?.parts ?? [];
			expect(part?.crc32 === undefined).toBe(method === "deflate");
			expect(part?.md5 === undefined).toBe(method === "store");
			const bytes = await store.archive(plan);
			expect(bytes.equals(await oneProcess(temp.path("t"), method))).toBe(true);
		}
	});
});

describe("makeShard, of an archive that is over meanwhile", () => {
	/** Aborts the archive when the first request of a kind comes in. */
	async function abortedOn(
		isMoment: (operation: string, key: string) => boolean,
	): Promise<{ store: ShardStorage; plan: ShardPlan }> {
		await temp.write({ "t/a": noise(6 * MiB) });
		let [plan, aborting]: [ShardPlan | undefined, boolean] = [undefined, false];
		const store = await start(async ({ operation, key }) => {
			if (plan === undefined || aborting || !isMoment(operation, key)) return undefined;
			aborting = true;
			const { bucket: Bucket, key: Key, uploadId: UploadId } = plan;
			await store.client.send(new DeleteObjectCommand({ Bucket, Key: manifestKey(plan) }));
			await store.client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
			return undefined;
		});
		plan = await store.plan(await pinTree(temp.path("t")));
		return { store, plan };
	}

	it("says so when its upload is gone", async () => {
		const { store, plan } = await abortedOn((operation) => operation === "UploadPart");
		const made = await makeShard(plan, 0, store.options);
		expect(made).toMatchObject({ index: 0, size: 0, over: true, alreadyMade: false });
		expect(await store.keys()).not.toContain(sliceKey(plan, 0));
	});

	it("removes the slice that it has written too late", async () => {
		const { store, plan } = await abortedOn(
			(operation, key) => operation === "PutObject" && key.includes("/slices/"),
		);
		expect(await makeShard(plan, 0, store.options)).toMatchObject({ over: true });
		expect(countOf(store, "PutObject")).toBeGreaterThan(0);
		expect(await store.keys()).not.toContain(sliceKey(plan, 0));
	});

	it("fails if the upload alone is gone", async () => {
		const { store, plan } = await abortedOn(() => false);
		const { bucket: Bucket, key: Key, uploadId: UploadId } = plan;
		await store.client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
		await expect(makeShard(plan, 0, store.options)).rejects.toMatchObject({ code: "SHARDS_OVER" });
	});
});

describe("makeShard, of files that are not as they were planned", () => {
	const changes: Readonly<Record<string, () => Promise<unknown>>> = {
		"is longer": () => writeFile(temp.path("t/d/f"), "longer than before"),
		"has another time": () => utimes(temp.path("t/d/f"), 1, 1),
		"is a link": async () => {
			await rename(temp.path("t/d/f"), temp.path("elsewhere"));
			await symlink(temp.path("elsewhere"), temp.path("t/d/f"));
		},
		"is behind a link": async () => {
			await rename(temp.path("t/d"), temp.path("elsewhere"));
			await symlink(temp.path("elsewhere"), temp.path("t/d"));
		},
		"is a directory": async () => {
			await rm(temp.path("t/d/f"));
			await mkdir(temp.path("t/d/f"));
		},
	};
	/** With threads, all files but the first 200 are read by them. */
	const few = { "t/d/f": "as planned", "t/z": "z" };
	const many = {
		...few,
		...Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`t/a/${index}`, "small"])),
	};

	it.each(Object.entries(changes))("fails when a file %s", async (_what, change) => {
		for (const [blockingReads, tree] of [
			[false, few],
			[true, many],
		] as const) {
			await rm(temp.path("t"), { recursive: true, force: true });
			await rm(temp.path("elsewhere"), { recursive: true, force: true });
			await temp.write(tree);
			const store = await start();
			const plan = await store.plan(await pinTree(temp.path("t")));
			await change();
			await expect(makeShard(plan, 0, { ...store.options, blockingReads })).rejects.toMatchObject({
				code: "SOURCE_CHANGED",
				message: expect.stringContaining(temp.path("t/d")),
			});
			expect(await store.slice(plan, 0)).toBeUndefined();
			expect(countOf(store, "UploadPart")).toBe(0);
			await store.close();
		}
	});

	it("fails when a file is gone", async () => {
		await temp.write(few);
		const store = await start();
		const plan = await store.plan(await pinTree(temp.path("t")));
		await rm(temp.path("t/d/f"));
		await expect(makeShard(plan, 0, store.options)).rejects.toMatchObject({
			code: "SOURCE_NOT_FOUND",
			message: `${temp.path("t/d/f")} no longer exists`,
		});
	});

	it("fails when a link leads elsewhere", async () => {
		await temp.write({ "t/l": { link: "here" } });
		const store = await start();
		const plan = await store.plan(await pinTree(temp.path("t")));
		await rm(temp.path("t/l"));
		await symlink("elsewhere", temp.path("t/l"));
		await expect(makeShard(plan, 0, store.options)).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
	});

	it.each(["../secret", "d/../../secret", "/etc/passwd", "."])("reads nothing outside: %s", async (place) => {
		await temp.write({ ...few, secret: "as planned" });
		const store = await start();
		const { rows, sources } = await pinTree(temp.path("t"));
		const outside = rows.map((row) => (row.name === "d/f" ? { ...row, place } : row));
		const plan = await store.plan({ rows: outside, sources });
		await expect(makeShard(plan, 0, store.options)).rejects.toMatchObject({
			code: "SOURCE_UNREADABLE",
			message: expect.stringContaining("is no path below"),
		});
	});
});
