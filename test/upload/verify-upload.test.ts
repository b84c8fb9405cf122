import { readdir, readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { uploadZip } from "../../src/index.ts";
import { BUCKET, DemoServer } from "../support/demo-server.ts";
import { useTempDirectory } from "../support/temp-directory.ts";

const directory = useTempDirectory();
let server: DemoServer;
/** Whether the object is damaged as soon as it is asked for. */
let damages: (occurrence: number) => boolean;
let good: Buffer | undefined;

beforeEach(async () => {
	damages = () => false;
	good = undefined;
	server = await DemoServer.start({
		directory: directory.path("s3"),
		async onRequest({ operation, occurrence }) {
			if (operation !== "GetObject") return undefined;
			const folder = directory.path("s3/blobs");
			const [name = ""] = await readdir(folder);
			good ??= await readFile(`${folder}/${name}`);
			const bytes = Buffer.from(good);
			if (damages(occurrence)) bytes[bytes.indexOf("alpha")] = 0;
			await writeFile(`${folder}/${name}`, bytes);
			return undefined;
		},
	});
});
afterEach(() => server.close());

function upload() {
	return uploadZip([{ name: "a.txt", content: "alpha" }], {
		...{ bucket: BUCKET, key: "a.zip", verify: "content", endpoint: server.s3.endpoint },
		...{ region: server.s3.region, credentials: server.s3, provider: "generic" },
	});
}

it("deletes an archive that turns out to be damaged, and fails", async () => {
	damages = () => true;
	await expect(upload()).rejects.toMatchObject({
		code: "INTEGRITY",
		message: expect.stringMatching(
			/^s3:\/\/demo\/a\.zip is damaged: the entry "a\.txt" is damaged: its CRC-32 .+ states, and 1 more; the object was deleted$/,
		),
	});
	expect(await server.keys()).toEqual([]);
});

it("keeps an archive that was damaged on the way back only", async () => {
	damages = (occurrence) => occurrence === 1;
	expect(await upload()).toMatchObject({ verified: "content" });
	expect(await server.keys()).toEqual(["a.zip"]);
});

it("says nothing of it if it was not asked for", async () => {
	const result = await uploadZip([{ name: "a.txt", content: "alpha" }], {
		...{ bucket: BUCKET, key: "a.zip", endpoint: server.s3.endpoint },
		...{ region: server.s3.region, credentials: server.s3, provider: "generic" },
	});
	expect(result).not.toHaveProperty("verified");
	expect(server.s3.requests.some(({ operation }) => operation === "GetObject")).toBe(false);
});
