import { randomBytes } from "node:crypto";
import { readdir, readFile, truncate } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { DemoServer } from "../support/demo-server.ts";
import { type Outcome, stopPrograms } from "../support/program.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { zipContents, zipNames } from "../support/zip-contents.ts";
import { startExample } from "./example.ts";

/** Room for slow machines; nothing here waits for a clock. */
const PATIENCE = { timeout: 120_000 };
const NAMES = ["a.txt", "b/", "b/c.txt"];

const directory = useTempDirectory();
let server: DemoServer;
let photos: string;
beforeAll(async () => {
	server = await DemoServer.start();
});
afterAll(() => server?.close());
beforeEach(async () => {
	await directory.write({ "photos/a.txt": "alpha", "photos/b/c.txt": "gamma" });
	photos = directory.path("photos");
});
afterEach(stopPrograms);

/** Runs an example to its end. */
function run(
	name: string,
	args: readonly string[],
	env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
	return startExample(name, args, { HOME: directory.path(), ...server.env, ...env }).ended;
}

describe("examples/upload.ts", PATIENCE, () => {
	it("uploads a directory and prints the MD5 of the archive", async () => {
		const outcome = await run("upload.ts", [photos, "upload.zip"]);
		expect(outcome).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/^3 entries, 10 bytes\n/) });
		expect(outcome.stdout).toMatch(/^s3:\/\/demo\/upload.zip: 3 entries, \d+ bytes, md5 [0-9a-f]{32}\n$/);
		expect(await zipNames((await server.get("upload.zip")).bytes)).toEqual(NAMES);
	});

	it("says what is wrong in one line", async () => {
		const outcome = await run("upload.ts", [directory.path("missing"), "upload.zip"]);
		expect(outcome).toMatchObject({
			exitCode: 1,
			stdout: "",
			stderr: expect.stringMatching(/^[^\n]+ does not exist\n$/),
		});
	});

	it("leaves nothing behind on Ctrl-C", async () => {
		let tell = () => {};
		const reached = new Promise<void>((resolve) => {
			tell = resolve;
		});
		const slow = await DemoServer.start({
			onRequest({ operation }) {
				if (operation !== "PutObject") return undefined;
				tell();
				return { hang: true };
			},
		});
		try {
			const program = startExample("upload.ts", [photos], { HOME: directory.path(), ...slow.env });
			await reached;
			program.kill("SIGINT");
			const outcome = await program.ended;
			expect(outcome).toMatchObject({ exitCode: 130, stdout: "" });
			expect(outcome.stderr).toMatch(/stopped by Ctrl-C; nothing was published\n$/);
			expect(await slow.keys()).toEqual([]);
		} finally {
			await slow.close();
		}
	});
});

// It paces itself, as an example of that: seconds for each run.
describe("examples/resume.ts", { ...PATIENCE, tags: "slow" }, () => {
	it("goes on where an earlier run was killed", async () => {
		await directory.write({ "photos/noise": randomBytes(17 * 1024 * 1024) });
		const args = [photos, "resumed.zip"];
		const killed = startExample("resume.ts", args, { HOME: directory.path(), ...server.env });
		const confirmed = () =>
			server.s3.requests.some(({ operation, status }) => operation === "UploadPart" && status === 200);
		await vi.waitUntil(confirmed, { timeout: 90_000, interval: 20 });
		killed.kill("SIGKILL");
		await killed.ended;
		const outcome = await run("resume.ts", args);
		expect(outcome).toMatchObject({
			exitCode: 0,
			stderr: expect.stringMatching(/^resuming: [12] parts are already uploaded\n$/),
		});
		expect(outcome.stdout).toMatch(/^s3:\/\/demo\/resumed.zip: 3 parts, [12] of them from before\n$/);
		expect(await zipNames((await server.get("resumed.zip")).bytes)).toEqual([...NAMES, "noise"]);
	});
});

describe("examples/linode.ts", PATIENCE, () => {
	it("uploads to the endpoint and says what ETag the object has", async () => {
		const outcome = await run("linode.ts", [photos]);
		const { bytes, ETag = "" } = await server.get("linode.zip");
		expect(outcome).toMatchObject({ exitCode: 0, stderr: "" });
		expect(outcome.stdout).toContain(`${bytes.byteLength} bytes, ETag ${ETag.replaceAll('"', "")}\n`);
	});

	it("names the operation, the code and the request of a refusal", async () => {
		const { exitCode, stderr } = await run("linode.ts", [photos], { AWS_SECRET_ACCESS_KEY: "wrong" });
		expect(exitCode).toBe(1);
		expect(stderr).toMatch(/^STORAGE_REFUSED: /);
		expect(stderr).toMatch(/serverCode: 'SignatureDoesNotMatch'/);
		expect(stderr).toMatch(/requestId: '\w+'/);
	});
});

describe("examples/minio.ts", PATIENCE, () => {
	it("uploads with metadata of its own", async () => {
		const outcome = await run("minio.ts", [photos]);
		expect(outcome).toMatchObject({
			exitCode: 0,
			stdout: expect.stringMatching(/ bytes in 1 part\n$/),
			stderr: "",
		});
		const metadata = Object.entries((await server.get("minio.zip")).Metadata ?? {});
		expect(metadata.filter(([name]) => !name.startsWith("zipferry-"))).toEqual([["made-by", "zipferry"]]);
	});
});

describe("examples/generated-content.ts", PATIENCE, () => {
	it("uploads 10,000 generated entries and some of every other kind", { tags: "slow" }, async () => {
		const outcome = await run("generated-content.ts", []);
		expect(outcome).toMatchObject({ exitCode: 0, stderr: "" });
		expect(outcome.stdout).toMatch(/^s3:\/\/demo\/invoices.zip: 10006 entries, /);
		const contents = await zipContents((await server.get("invoices.zip")).bytes);
		const text = (name: string) => contents.get(name)?.data.toString();
		expect(contents.size).toBe(10_006);
		expect(text("invoices/09999.json")).toBe('{"number":9999,"cents":999900}');
		expect(contents.get("invoices/00001.json")?.mtime.toISOString()).toBe("2026-01-01T00:01:00.000Z");
		expect(text("table.csv")?.split("\n")).toHaveLength(10_002);
		expect(text("stream.txt")).toBe("from a Node stream\n");
		expect(contents.get("logo.bin")).toMatchObject({ mode: 0o100600 });
		expect(contents.get("latest.json")).toMatchObject({ mode: 0o120777 });
		expect(contents.has("empty-folder/")).toBe(true);
	});
});

describe("examples/write-to-file.ts", PATIENCE, () => {
	it("writes the archive it describes", async () => {
		const target = directory.path("written.zip");
		const outcome = await run("write-to-file.ts", [target, photos]);
		const bytes = await readFile(target);
		expect(outcome).toMatchObject({ exitCode: 0, stderr: "" });
		expect(outcome.stdout).toBe(`${target}: 7 entries, ${bytes.byteLength} bytes\n`);
		const contents = await zipContents(bytes);
		expect([...contents.keys()]).toEqual([
			"photos/",
			"photos/a.txt",
			"photos/b/",
			"photos/b/c.txt",
			"hello.txt",
			"countdown.txt",
			"countdown-later.txt",
		]);
		expect(contents.get("countdown-later.txt")?.data.toString()).toBe("3 …\n2 …\n1 …\n");
	});
});

describe("examples/main-job/run.ts", PATIENCE, () => {
	it("uploads, reads back, compares, and says where to go next", async () => {
		const before = { AWS_ENDPOINT_URL_S3: "http://127.0.0.1:1" }; // settings of the user's do not matter
		await directory.write({
			"main/a.txt": "alpha",
			"main/ü/nested/empty.txt": "",
			"main/noise.bin": Buffer.from(Array.from({ length: 3_000_000 }, (_, n) => (n * n) >> 7)),
			"main/link": { link: "a.txt" },
			"main/.git/objects": "left out",
		});
		const outcome = await run("main-job/run.ts", [directory.path("main"), photos], before);
		expect(outcome.exitCode).toBe(0);
		expect(outcome.stderr).toMatch(/^\$ zipferry upload main=\S+ photos=\S+ s3:\/\/demo\//m);
		expect(outcome.stdout).toMatch(/^\nOK: 11 entries with 3,000,020 bytes are the same as on disk/);
		expect(outcome.stdout).toContain("npm run localstack");
	});

	it("stops the upload and leaves nothing behind when it is stopped", async () => {
		await directory.write({ "endless/zeros": "", home: null });
		await truncate(directory.path("endless/zeros"), 1024 ** 4);
		const home = directory.path("home");
		const program = startExample("main-job/run.ts", [directory.path("endless")], {
			HOME: home,
			TMPDIR: home,
		});
		await program.says(/^\$ zipferry upload/m);
		expect((await readdir(home)).some((name) => name.startsWith("local-s3-"))).toBe(true);
		program.kill("SIGTERM");
		const outcome = await program.ended;
		expect(outcome.exitCode).toBe(143);
		expect(outcome.stderr).toMatch(/\nmain job failed: stopped by SIGTERM; nothing is left behind\n$/);
		expect((await readdir(home)).filter((name) => /^(local-s3|zipferry)-/.test(name))).toEqual([]);
	});

	it("fails with one clear line if the upload fails", async () => {
		const { exitCode, stdout, stderr } = await run("main-job/run.ts", [photos, photos]);
		expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
		expect(stderr).toMatch(/\nmain job failed: zipferry ended with exit code 2\n$/);
	});
});

describe("examples/cron-backup.sh", PATIENCE, () => {
	const env = () => ({
		ZIPFERRY: `${process.execPath} dist/cli/zipferry.cjs`,
		PREFIX: "nightly",
		LOCK: directory.path("backup.lock"),
	});

	it("puts an archive under a dated key and says nothing", async () => {
		const outcome = await run("cron-backup.sh", [photos], env());
		expect(outcome).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
		const [key = ""] = (await server.keys()).filter((name) => name.startsWith("nightly/"));
		expect(key).toMatch(/^nightly\/\d{4}-\d\d-\d\dT\d{6}Z\.zip$/);
		expect(await zipNames((await server.get(key)).bytes)).toEqual(NAMES);
	});

	it("passes the exit code on and says what it means", async () => {
		const outcome = await run("cron-backup.sh", [directory.path("missing")], env());
		expect(outcome).toMatchObject({ exitCode: 4, stdout: "" });
		expect(outcome.stderr).toMatch(/\nnothing was backed up: a source is missing, empty or unreadable\n$/);
	});

	it("does not start while another run is under way", async () => {
		// A run that holds the lock: its zipferry reports for duty, then waits for its end.
		const waiting = {
			...env(),
			ZIPFERRY: `${process.execPath} -e console.log("running");setInterval(()=>{},1e6) --`,
		};
		const first = startExample("cron-backup.sh", [photos], { ...server.env, ...waiting });
		await first.says(/running/);
		const before = server.s3.requests.length;
		const outcome = await run("cron-backup.sh", [photos], env());
		expect(outcome).toMatchObject({
			exitCode: 8,
			stderr: expect.stringMatching(/^the backup before is still running/),
		});
		expect(server.s3.requests.length).toBe(before);
	});

	it("asks for a bucket and a source", async () => {
		expect(await run("cron-backup.sh", [], env())).toMatchObject({
			exitCode: 2,
			stderr: expect.stringMatching(/^usage: /),
		});
		expect(await run("cron-backup.sh", [photos], { ...env(), BUCKET: "" })).toMatchObject({ exitCode: 2 });
	});
});
