import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterEach, describe, expect, it } from "vitest";
import { createZip } from "../../../src/archive/create-zip.ts";
import type { PlannedEntry } from "../../../src/shards/entry-rows.ts";
import type { ShardPlan } from "../../../src/shards/shard-plan.ts";
import { makeShard } from "../../../src/shards/work/make-shard.ts";
import type { Source } from "../../../src/sources/source.ts";
import { collect, lines, noise } from "../../support/bytes.ts";
import { type RangeServer, startRangeServer } from "../../support/range-server.ts";
import { type ShardStorage, startShardStorage } from "./shards-by-hand.ts";

const MiB = 1024 * 1024;
const BUCKET = "bucket";
const closers: (() => unknown)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

async function oneProcess(sources: readonly Source[], store: ShardStorage): Promise<Buffer> {
	let bytes: Buffer = Buffer.alloc(0);
	const write = async (chunks: AsyncIterable<Uint8Array>) => {
		bytes = await collect(chunks);
	};
	const { retryTimeMs: _, ...sourceStorage } = store.options;
	await createZip(sources, write, { sourceStorage });
	return bytes;
}

async function started(): Promise<ShardStorage> {
	const store = await startShardStorage();
	closers.push(() => store.close());
	return store;
}

describe("makeShard, of objects", () => {
	const contents: Readonly<Record<string, Buffer>> = {
		"in/a": noise(6 * MiB, 1),
		"in/b": Buffer.alloc(0),
		"in/c": lines(3 * MiB),
		"in/ü": Buffer.from("text"),
	};

	async function planned(): Promise<{ store: ShardStorage; plan: ShardPlan }> {
		const store = await started();
		const rows: PlannedEntry[] = [];
		for (const [key, Body] of Object.entries(contents)) {
			const put = new PutObjectCommand({ Bucket: BUCKET, Key: key, Body });
			const { ETag = "" } = await store.client.send(put);
			const lastModified = await store.modified(key);
			rows.push({
				...{ name: Buffer.from(key.slice(3)).toString("latin1"), source: 0, place: key, kind: "file" },
				...{ size: Body.byteLength, mode: 0o644, etag: ETag.replaceAll('"', ""), mtimeMs: lastModified },
			});
		}
		const sources = [{ kind: "objects", bucket: BUCKET }] as const;
		return { store, plan: await store.plan({ rows, sources, counts: [2] }) };
	}

	it("gives what one process gives", async () => {
		const { store, plan } = await planned();
		for (const index of [1, 0]) await makeShard(plan, index, store.options);
		const bytes = await store.archive(plan);
		expect(bytes.equals(await oneProcess(["s3://bucket/in/"], store))).toBe(true);
	});

	it.each(["in/c", "in/ü"])("fails when %s was replaced, by other bytes of the same size", async (key) => {
		const { store, plan } = await planned();
		const Body = Buffer.alloc(contents[key]?.byteLength ?? 0, 1);
		await store.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body }));
		await expect(makeShard(plan, 1, store.options)).rejects.toMatchObject({
			code: "SOURCE_CHANGED",
			origin: `s3://bucket/${key}`,
		});
		expect(await store.slice(plan, 1)).toBeUndefined();
	});

	it("fails when one is gone", async () => {
		const { store, plan } = await planned();
		await store.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "in/b" }));
		await expect(makeShard(plan, 0, store.options)).rejects.toMatchObject({
			code: "SOURCE_NOT_FOUND",
			origin: "s3://bucket/in/b",
		});
	});
});

describe("makeShard, of resources on web servers", () => {
	const LAST_MODIFIED = new Date(Date.UTC(2025, 0, 2, 3, 4, 5)).toUTCString();
	const CONTENT = lines(2 * MiB);

	async function planned(
		hasEtag = true,
	): Promise<{ store: ShardStorage; web: RangeServer; plan: ShardPlan }> {
		const store = await started();
		const web = await startRangeServer({
			validators: (bytes) => ({
				"last-modified": bytes === CONTENT ? LAST_MODIFIED : new Date(0).toUTCString(),
				...(hasEtag ? { etag: `"${bytes[0]}"` } : {}),
			}),
		});
		closers.push(() => web.close());
		web.put(CONTENT);
		const row: PlannedEntry = {
			...{ name: "page", source: 0, place: `${web.url}/page`, kind: "file", mode: 0o644 },
			...{ size: CONTENT.byteLength, mtimeMs: Date.parse(LAST_MODIFIED) },
			...(hasEtag ? { etag: `${CONTENT[0]}` } : {}),
		};
		return { store, web, plan: await store.plan({ rows: [row], sources: [{ kind: "resources" }] }) };
	}

	it("gives what one process gives, and asks for each once", async () => {
		const { store, web, plan } = await planned();
		await makeShard(plan, 0, store.options);
		expect(web.requests.map(({ method }) => method)).toEqual(["GET"]);
		const bytes = await store.archive(plan);
		expect(bytes.equals(await oneProcess([{ url: `${web.url}/page` }], store))).toBe(true);
	});

	it.each([true, false])("fails when one was replaced (ETag: %s)", async (hasEtag) => {
		const { store, web, plan } = await planned(hasEtag);
		web.put(Buffer.alloc(CONTENT.byteLength, 1));
		await expect(makeShard(plan, 0, store.options)).rejects.toMatchObject({
			code: "SOURCE_CHANGED",
			origin: `${web.url}/page`,
		});
	});

	it("fails when one is gone", async () => {
		const { store, web, plan } = await planned();
		web.remove();
		await expect(makeShard(plan, 0, store.options)).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" });
	});
});
