import { afterAll, beforeAll, vi } from "vitest";
import { type Connection, connect } from "../../src/s3/connection.ts";
import type { RangeReading } from "../../src/s3/objects/get-range.ts";
import { connectSettings } from "../support/settings.ts";
import type { ContractBucket } from "./contract-bucket.ts";
import type { ContractServer } from "./servers.ts";

/** A connection of our own to the server, for the tests of a group. */
export function connectTo(server: ContractServer, bucket: () => ContractBucket): () => Connection {
	let connection: Connection | undefined;
	beforeAll(async () => {
		const { accessKeyId, secretAccessKey } = server.credentials;
		vi.stubEnv("AWS_ACCESS_KEY_ID", accessKeyId);
		vi.stubEnv("AWS_SECRET_ACCESS_KEY", secretAccessKey);
		const { endpoint, region } = server;
		connection = await connect(connectSettings({ endpoint, region, pathStyle: true }), bucket().name, 8);
	});
	afterAll(() => {
		connection?.close();
		vi.unstubAllEnvs();
	});
	return () => {
		if (connection === undefined) throw new Error("there is no connection yet");
		return connection;
	};
}

/** All items of all pages. */
export async function collect<Item>(pages: AsyncIterable<readonly Item[]>): Promise<Item[]> {
	const all: Item[] = [];
	for await (const page of pages) all.push(...page);
	return all;
}

/** All bytes of a range. */
export async function bytesOf({ chunks }: Pick<RangeReading, "chunks">): Promise<Buffer> {
	const pieces: Uint8Array[] = [];
	for await (const chunk of chunks) pieces.push(chunk);
	return Buffer.concat(pieces);
}
