import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../../src/s3/connection.ts";
import { unquote } from "../../../src/s3/object-proof.ts";
import { type Provider, type ProviderName, providerByName } from "../../../src/s3/providers.ts";
import { type BodyPiece, copyHeaders, splitRange } from "../../../src/storage/parts/object-range.ts";
import { putWithLibStorage } from "../../../src/storage/put/lib-storage-transport.ts";
import { putInParts } from "../../../src/storage/put/parts-transport.ts";
import type { ObjectBody } from "../../../src/storage/put/transport.ts";
import { ContractBucket } from "../../s3/contract-bucket.ts";
import { DIFFERENCES } from "../../s3/differences.ts";
import { type ContractServer, contractServer, serverName } from "../../s3/servers.ts";
import { noise } from "../../support/bytes.ts";
import { putRequest } from "../put/transport-contract.ts";

const MiB = 1024 * 1024;
const SOURCE_KEY = "a source/with +&.zip";
const source = noise(13 * MiB);

let server: ContractServer;
let store: ContractBucket;
let etag: string;
beforeAll(async () => {
	server = await contractServer();
	store = await ContractBucket.create(server);
	etag = unquote((await store.put(SOURCE_KEY, source)).ETag) ?? "";
});
afterAll(async () => {
	await store.destroy();
	await server.stop();
});

/** A body of these pieces that tells it is complete. */
async function* bodyOf(pieces: readonly BodyPiece[]): ObjectBody {
	yield* pieces;
	return { size: pieces.reduce((sum, piece) => sum + piece.byteLength, 0) };
}

const range = (offset: number, byteLength: number, ofEtag = etag) => ({
	source: { bucket: store.name, key: SOURCE_KEY },
	etag: ofEtag,
	offset,
	byteLength,
});
const whole = (pieces: readonly BodyPiece[]) =>
	Buffer.concat(
		pieces.map((piece) =>
			piece instanceof Uint8Array ? piece : source.subarray(piece.offset, piece.offset + piece.byteLength),
		),
	);

function connectionTo(provider: Provider): Connection {
	const { client } = store;
	return { client, patient: client, provider, endpoint: server.endpoint, close() {} };
}

// Parts that are not equal are what ranges are about; unknown servers are not trusted with them.
const names: readonly ProviderName[] = DIFFERENCES[serverName()].verifiesChecksums
	? ["minio", "aws"]
	: ["ceph"];

describe.each(names)("putInParts with ranges of objects, provider %s", (name) => {
	const provider = providerByName(name);
	const put = (key: string, pieces: readonly BodyPiece[], row = provider) =>
		putInParts(connectionTo(row), putRequest(store.name, key, bodyOf(pieces), { mayCopy: true }));
	const expectNothing = async (key: string) => {
		await expect(store.head(key)).rejects.toMatchObject({ name: "NotFound" });
		expect((await store.uploads(key)).map(({ Key }) => Key)).not.toContain(key);
	};

	it.each([
		["between bytes", () => [noise(7 * MiB, 1), range(3 * MiB, 6 * MiB), noise(100, 2)]],
		["behind a rest of bytes", () => [noise(11 * MiB, 1), range(3 * MiB, 6 * MiB), noise(24 * MiB, 2)]],
		[
			"behind whole parts",
			() => [noise(20 * MiB, 1), range(3 * MiB, 6 * MiB), noise(26 * MiB, 2), range(0, 1)],
		],
		["at the beginning and at the end", () => [range(0, 5 * MiB), noise(5 * MiB, 3), range(MiB, 17)]],
		["alone", () => [range(5, 12 * MiB)]],
		["one after the other", () => [range(0, 6 * MiB), range(7 * MiB, 5 * MiB), range(0, 5 * MiB)]],
	])("puts ranges %s", async (title, make) => {
		const pieces: readonly BodyPiece[] = make();
		const key = `copies/${title}`;
		const result = await put(key, pieces);
		expect(result).toMatchObject({ size: whole(pieces).byteLength, hash: undefined });
		expect((await store.read(key)).equals(whole(pieces))).toBe(true);
	});

	it("copies a range that is larger than a part in several", async () => {
		const small = { ...provider, limits: { ...provider.limits, maxPartSize: 6 * MiB } };
		const pieces = [range(0, 11 * MiB), noise(10)];
		expect(await put("large", pieces, small)).toMatchObject({ partCount: 3 });
		expect((await store.read("large")).equals(whole(pieces))).toBe(true);
	});

	it("refuses an object that is another by now, and leaves nothing behind", async () => {
		const pieces = [noise(6 * MiB), range(0, 6 * MiB, "0123456789abcdef0123456789abcdef")];
		await expect(put("changed", pieces)).rejects.toMatchObject({
			code: "SOURCE_CHANGED",
			origin: `s3://${store.name}/${SOURCE_KEY}`,
		});
		await expectNothing("changed");
	});

	it("refuses an object that is not there, and leaves nothing behind", async () => {
		const gone = { ...range(0, 6 * MiB), source: { bucket: store.name, key: "nothing" } };
		await expect(put("gone", [noise(6 * MiB), gone])).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" });
		await expectNothing("gone");
	});

	it.each([
		["bytes", () => [noise(MiB), range(0, 6 * MiB)]],
		["a range", () => [range(0, MiB), noise(MiB)]],
	])("refuses %s that are too few to have anything behind them", async (title, make) => {
		await expect(put(title, make())).rejects.toThrow(/part 1 is smaller than provider \w+ takes/);
		await expectNothing(title);
	});

	it("refuses more parts than there may be", async () => {
		const few = { ...provider, limits: { ...provider.limits, maxPartCount: 2 } };
		const pieces = [range(0, 5 * MiB), range(0, 5 * MiB), range(0, 5 * MiB)];
		await expect(put("many", pieces, few)).rejects.toMatchObject({ code: "ARCHIVE_TOO_LARGE" });
		await expectNothing("many");
	});

	it("refuses ranges where all parts have to be equal", async () => {
		const equal = { ...provider, unequalParts: false };
		await expect(put("equal", [range(0, 6 * MiB)], equal)).rejects.toMatchObject({ code: "INVALID_OPTION" });
		await expectNothing("equal");
	});

	it("leaves them to our own engine", async () => {
		const request = putRequest(store.name, "other", bodyOf([range(0, 6 * MiB)]));
		await expect(putWithLibStorage(connectionTo(provider), request)).rejects.toThrow(
			/lib-storage cannot copy/,
		);
		await expectNothing("other");
	});
});

describe("splitRange", () => {
	const of = (byteLength: number) => ({
		source: { bucket: "b", key: "k" },
		etag: "e",
		offset: 3,
		byteLength,
	});

	it("cuts a range into nearly equal ones without a gap", () => {
		expect(splitRange(of(10), 4).map(({ offset, byteLength }) => [offset, byteLength])).toEqual([
			[3, 4],
			[7, 4],
			[11, 2],
		]);
		expect(splitRange(of(4), 4)).toHaveLength(1);
	});
});

describe("copyHeaders", () => {
	it("names source, version and both ends of the range", () => {
		const named = {
			source: { bucket: "b", key: "ü/+ &", versionId: "v/1" },
			etag: "e",
			offset: 5,
			byteLength: 5,
		};
		expect(copyHeaders(named)).toEqual({
			CopySource: "b/%C3%BC/%2B%20%26?versionId=v%2F1",
			CopySourceRange: "bytes=5-9",
			CopySourceIfMatch: '"e"',
		});
	});
});
