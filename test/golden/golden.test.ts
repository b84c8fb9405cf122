import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type UploadZipOptions, uploadZip } from "../../src/index.ts";
import { zipferry } from "../cli/zipferry.ts";
import { BUCKET, DemoServer } from "../support/demo-server.ts";
import { CASES } from "./cases.ts";
import { type GoldenCase, sha256Of, sourcesOf, zipOf } from "./golden-case.ts";
import { Golden } from "./golden-file.ts";
import { makeTree } from "./tree.ts";

/** `npm run golden:write` writes the hashes down instead of comparing them. */
const writing = process.env["ZIPFERRY_TEST_GOLDEN"] === "write";
const golden = new Golden();
const made = new Map<string, string>();

let directory: string;
let tree: string;
let server: DemoServer;
let client: S3Client;
beforeAll(async () => {
	directory = await mkdtemp(join(tmpdir(), "zipferry-golden-"));
	tree = join(directory, "tree");
	await makeTree(tree);
	server = await DemoServer.start();
	const { s3 } = server;
	client = new S3Client({
		endpoint: s3.endpoint,
		region: s3.region,
		credentials: s3,
		forcePathStyle: true,
	});
});
afterAll(async () => {
	client.destroy();
	await server.close();
	await rm(directory, { recursive: true, force: true });
	if (writing) golden.write(CASES, made);
});

function expectGolden(one: GoldenCase, sha256: string | undefined): void {
	if (writing && sha256 !== undefined) made.set(one.name, sha256);
	else expect(sha256).toBe(golden.hashOf(one) ?? "not written down; npm run golden:write does it");
}

function caseOf(name: string): GoldenCase {
	const found = CASES.find((one) => one.name === name);
	if (found === undefined) throw new Error(`there is no case ${name}`);
	return found;
}

// Elsewhere, a zlib that nobody has written hashes down for is no fault of the archive; in CI it is noticed.
const zlibKnown = golden.knowsZlib || writing || process.env["CI"] !== undefined;
const comparable = CASES.filter(({ zlib }) => zlibKnown || !zlib);

describe("archives are the same byte for byte as they have always been", () => {
	for (const one of comparable) {
		it(one.name, { tags: one.slow === true ? ["slow"] : [] }, async () => {
			expectGolden(one, await sha256Of(zipOf(one, tree)));
		});
	}

	it.runIf(zlibKnown)(
		`there are hashes for zlib ${process.versions.zlib}; npm run golden:write adds them`,
		() => {
			expect(golden.knowsZlib || writing).toBe(true);
		},
	);

	it("there is no hash of an archive that is not made", () => {
		const names = new Set(CASES.map(({ name }) => name));
		expect(writing ? [] : golden.names.filter((name) => !names.has(name))).toEqual([]);
	});
});

/** Archives that are uploaded as well; the first of each kind stands for the others in `npm test`. */
const SENT = ["several sources", "store, sizes known", "store, sizes unknown", "times", "tree, store"];
const SENT_DEFLATED = ["tree, auto", "auto, sizes known"];

describe.runIf(!writing)("other ways to the same archive", () => {
	const sent = [SENT, zlibKnown ? SENT_DEFLATED : []];

	describe.each(["parts", "lib-storage"] as const)("uploadZip by %s", (transport) => {
		for (const [index, name] of sent.flatMap((names) => [...names.entries()])) {
			it(name, { tags: index > 0 ? ["slow"] : [] }, async () => {
				const one = caseOf(name);
				const options: UploadZipOptions = {
					...one.options,
					bucket: BUCKET,
					key: `${transport}-${name}.zip`,
					client,
					partSize: 5 * 1024 * 1024,
					transport,
					hash: "sha256",
				};
				expectGolden(one, (await uploadZip(sourcesOf(one, tree), options)).sha256);
				expectGolden(one, await sha256Of(asChunks((await server.get(options.key)).bytes)));
			});
		}
	});

	it.each([1, 7])("compressing %d blocks at once", async (compressConcurrency) => {
		const one = caseOf(zlibKnown ? "tree, deflate" : "tree, store");
		expectGolden(one, await sha256Of(zipOf(one, tree, { compressConcurrency })));
	});

	it("the command", async () => {
		const one = caseOf(zlibKnown ? "tree, auto" : "tree, store");
		const file = join(directory, "command.zip");
		const args = ["create", "--quiet", "--method", one.options?.method ?? "auto", tree, file];
		expect(await zipferry(args, { env: {} })).toMatchObject({ exitCode: 0 });
		expectGolden(one, await sha256Of(asChunks(await readFile(file))));
	});
});

async function* asChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
	yield bytes;
}
