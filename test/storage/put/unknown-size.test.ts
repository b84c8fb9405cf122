import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../../src/s3/connection.ts";
import { type Provider, providerByName } from "../../../src/s3/providers.ts";
import { findResumableUpload } from "../../../src/storage/incomplete/resumable-upload.ts";
import { type PartWishes, planPartSize } from "../../../src/storage/parts/part-size.ts";
import { putInParts } from "../../../src/storage/put/parts-transport.ts";
import type { HeldParts } from "../../../src/storage/put/put-event.ts";
import type { ObjectBody } from "../../../src/storage/put/transport.ts";
import { planUpload } from "../../../src/upload/plan-upload.ts";
import { uploadZip } from "../../../src/upload/upload-zip.ts";
import { ContractBucket } from "../../s3/contract-bucket.ts";
import { type ContractServer, contractServer } from "../../s3/servers.ts";
import { objectSettings } from "../../support/settings.ts";
import { bodyOf, putRequest } from "./transport-contract.ts";

const MiB = 1024 * 1024;

/** A storage that takes three parts, of which none is larger than 64 MiB. */
const TINY: Provider = {
	...providerByName("minio"),
	limits: { minPartSize: 5 * MiB, maxPartSize: 64 * MiB, maxPartCount: 3, maxObjectSize: 100 * MiB },
};
const TINY_EQUAL: Provider = { ...TINY, unequalParts: false };

let server: ContractServer;
let store: ContractBucket;
beforeAll(async () => {
	server = await contractServer();
	store = await ContractBucket.create(server);
});
afterAll(async () => {
	await store.destroy();
	await server.stop();
});

const connectionTo = (provider: Provider): Connection => ({
	client: store.client,
	patient: store.client,
	provider,
	endpoint: server.endpoint,
	close() {},
});

/** Puts what has no known size. */
function put(key: string, provider: Provider, body: ObjectBody, wishes: PartWishes = {}) {
	const { partSizeOf, capacity } = planPartSize(undefined, wishes, provider);
	const request = putRequest(store.name, key, body, {
		partSizeOf,
		capacity,
		concurrency: 1,
		hash: undefined,
	});
	return putInParts(connectionTo(provider), request);
}

const sizesOf = async (key: string) => (await store.head(key)).ContentLength;
const expectNothing = async (key: string) => {
	await expect(store.head(key)).rejects.toMatchObject({ name: "NotFound" });
	expect((await store.uploads(key)).length).toBe(0);
};

describe("an upload of unknown size", () => {
	it("holds more than equal parts would, where parts may grow", async () => {
		expect(await put("grows", TINY, bodyOf(50 * MiB))).toMatchObject({ partCount: 3 }); // 16, 32, 2 MiB
		expect(await sizesOf("grows")).toBe(50 * MiB);
	});

	it("ends at the largest object with an error that names what to set, and leaves nothing behind", async () => {
		await expect(put("object", TINY, bodyOf(101 * MiB, MiB))).rejects.toMatchObject({
			code: "ARCHIVE_TOO_LARGE",
			message: expect.stringMatching(
				/outgrown the 100 MiB .*; set expectedSize or partSize to get larger parts$/,
			),
		});
		await expectNothing("object");
	});

	it("ends at the last of the parts where they are equal", async () => {
		await expect(put("equal", TINY_EQUAL, bodyOf(49 * MiB))).rejects.toMatchObject({
			code: "ARCHIVE_TOO_LARGE",
			message: expect.stringContaining("48 MiB"),
		});
		await expectNothing("equal");
	});

	it.each<PartWishes>([{ expectedSize: 90 * MiB }, { partSize: 30 * MiB }])(
		"goes beyond that with %j",
		async (wishes) => {
			await put("wished", TINY_EQUAL, bodyOf(49 * MiB), wishes);
			expect(await sizesOf("wished")).toBe(49 * MiB);
		},
	);

	it("is worth a warning in a plan where parts cannot grow, and not in an upload of a few bytes", async () => {
		const content = async function* () {
			yield "a few bytes";
		};
		const target = { bucket: store.name, key: "warns", client: store.client };
		const source = { name: "a.txt", content };
		const planned = await planUpload(source, { ...target, provider: "r2" });
		expect(planned.warnings.map(({ code }) => code)).toEqual(["SIZE_UNKNOWN"]);
		expect((await planUpload(source, { ...target, provider: "minio" })).warnings).toEqual([]);
		expect((await uploadZip(source, { ...target, provider: "r2" })).warnings).toEqual([]);
	});

	it("that was stopped goes on with parts that grow as before", async () => {
		const plan = planPartSize(undefined, {}, TINY);
		let kept: HeldParts | undefined;
		const stop = new AbortController();
		const common = { ...plan, concurrency: 1, hash: undefined, keepParts: true };
		const first = putInParts(
			connectionTo(TINY),
			putRequest(store.name, "stopped", bodyOf(60 * MiB), {
				...common,
				signal: stop.signal,
				onEvent(event) {
					if (event.type === "part-completed" && event.uploadedSize === 48 * MiB)
						stop.abort(new Error("enough"));
					if (event.type === "upload-kept") kept = event;
				},
			}),
		);
		await expect(first).rejects.toThrow("enough");
		expect(kept).toMatchObject({ partCount: 2, size: 48 * MiB });

		const address = { bucket: store.name, key: "stopped" };
		const needs = { object: objectSettings(), sizeBound: undefined, planned: plan, signal: undefined };
		const { upload } = await findResumableUpload(connectionTo(TINY), address, needs);
		expect([1, 2, 3].map((number) => upload?.schedule?.partSizeOf(number))).toEqual([
			16 * MiB,
			32 * MiB,
			64 * MiB,
		]);
		const { partSizeOf = () => 0, capacity = 0 } = upload?.schedule ?? {};
		const request = putRequest(store.name, "stopped", bodyOf(60 * MiB), {
			...common,
			upload,
			partSizeOf,
			capacity,
		});
		expect(await putInParts(connectionTo(TINY), request)).toMatchObject({
			size: 60 * MiB,
			resumed: { count: 2, size: 48 * MiB },
		});
	});
});
