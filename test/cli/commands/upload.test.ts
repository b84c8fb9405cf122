import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { noise } from "../../support/bytes.ts";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { zipContents, zipNames } from "../../support/zip-contents.ts";
import { shell, zipferry } from "../zipferry.ts";

const photos = "photos";
const TREE = {
	"photos/a.txt": "alpha",
	"photos/docs/b.md": "beta",
	"photos/docs/deep/c.txt": "gamma",
	"photos/empty": null,
	"photos/link": { link: "a.txt" },
};

const directory = useTempDirectory();
let server: DemoServer;
beforeAll(async () => {
	server = await DemoServer.start();
});
afterAll(() => server?.close());
beforeEach(() => directory.write(TREE));

function upload(...args: readonly string[]) {
	return zipferry(["upload", ...args], { env: server.env, cwd: directory.path() });
}

/** Names in the archive that these arguments make. */
async function namesOf(...args: readonly string[]): Promise<string[]> {
	const outcome = await upload(...args, `s3://${BUCKET}/names.zip`);
	expect(outcome).toMatchObject({ exitCode: 0, stdout: "" });
	return await zipNames((await server.get("names.zip")).bytes);
}

describe("zipferry upload", () => {
	it("takes 4 GiB of addresses, where a process may have no more", async () => {
		const noisy = noise(20_000_000);
		await directory.write({ noise: noisy });
		const line = `ulimit -v 4000000; zipferry upload noise s3://${BUCKET}/noise.zip --method store --json`;
		const { exitCode, stdout } = await shell(line, { env: server.env, cwd: directory.path() });
		expect(exitCode).toBe(0);
		const { bytes } = await server.get("noise.zip");
		expect(JSON.parse(stdout)).toMatchObject({
			partCount: 3,
			md5: createHash("md5").update(bytes).digest("hex"),
		});
		expect((await zipContents(bytes)).get("noise")?.data.equals(noisy)).toBe(true);
	});

	it("puts the contents of a directory into the bucket and says so in one line on stderr", async () => {
		const outcome = await upload(photos, `s3://${BUCKET}/photos.zip`);
		expect(outcome).toMatchObject({ exitCode: 0, stdout: "" });
		const { bytes, ContentType } = await server.get("photos.zip");
		const md5 = createHash("md5").update(bytes).digest("hex");
		expect(outcome.stderr).toMatch(
			new RegExp(
				`^s3://demo/photos.zip: 7 entries, ${bytes.byteLength} B in 0:\\d\\d, 1 part, md5 ${md5}\n$`,
			),
		);
		expect(ContentType).toBe("application/zip");
		const contents = await zipContents(bytes);
		expect([...contents].map(([name, { data }]) => [name, data.toString()])).toEqual([
			["a.txt", "alpha"],
			["docs/", ""],
			["docs/b.md", "beta"],
			["docs/deep/", ""],
			["docs/deep/c.txt", "gamma"],
			["empty/", ""],
			["link", "a.txt"],
		]);
		expect(contents.get("link")?.mode).toBe(0o120777);
	});

	it("prints the result as one line of JSON on stdout, and nothing else, with --json", async () => {
		const { exitCode, stdout, stderr } = await upload(photos, `s3://${BUCKET}/json.zip`, "--json");
		expect({ exitCode, stderr, lines: stdout.split("\n").length }).toEqual({
			exitCode: 0,
			stderr: "",
			lines: 2,
		});
		const { bytes, ETag } = await server.get("json.zip");
		expect(JSON.parse(stdout)).toEqual({
			bucket: BUCKET,
			key: "json.zip",
			size: bytes.byteLength,
			md5: createHash("md5").update(bytes).digest("hex"),
			etag: ETag?.replaceAll('"', ""),
			entryCount: 7,
			zip64: false,
			copiedEntryCount: 0,
			copiedSize: 0,
			partCount: 1,
			resumedPartCount: 0,
			resumedSize: 0,
			skippedCount: 0,
			warnings: [],
		});
	});

	it("prints nothing at all with --quiet", async () => {
		const outcome = await upload(photos, `s3://${BUCKET}/quiet.zip`, "--quiet");
		expect(outcome).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
	});

	it("keeps what is told about the object with it", async () => {
		const { exitCode } = await upload(
			photos,
			`s3://${BUCKET}/told.zip`,
			...["--content-type", "application/x-zip", "--content-disposition", 'attachment; filename="a.zip"'],
			...["--cache-control", "no-store", "--metadata", "from=test", "--metadata", "equation=a=b"],
		);
		expect(exitCode).toBe(0);
		expect(await server.get("told.zip")).toMatchObject({
			ContentType: "application/x-zip",
			ContentDisposition: 'attachment; filename="a.zip"',
			CacheControl: "no-store",
			Metadata: { from: "test", equation: "a=b" },
		});
	});

	it("puts an archive larger than a part there in parts", async () => {
		const noise = Buffer.alloc(6 * 1024 * 1024);
		for (let offset = 0; offset < noise.byteLength; offset += 32) {
			createHash("sha256").update(String(offset)).digest().copy(noise, offset);
		}
		await directory.write({ noise });
		const { exitCode, stdout } = await upload(
			"noise",
			`s3://${BUCKET}/parts.zip`,
			"--part-size",
			"5M",
			"--json",
		);
		expect(exitCode).toBe(0);
		expect(JSON.parse(stdout)).toMatchObject({ partCount: 2, etag: expect.stringMatching(/-2$/) });
		const contents = await zipContents((await server.get("parts.zip")).bytes);
		expect(contents.get("noise")?.data.equals(noise)).toBe(true);
	});

	it("makes the same archive of the same files, byte for byte, with --mtime", async () => {
		const args = ["--mtime", "2026-01-31T12:00:00Z", "--json"];
		const outcomes = [
			await upload(photos, "s3://demo/1.zip", ...args),
			await upload(photos, "s3://demo/2.zip", ...args),
		];
		const [first, second] = outcomes.map(({ stdout }) => JSON.parse(stdout) as { readonly md5: string });
		expect(second?.md5).toBe(first?.md5);
		const contents = await zipContents((await server.get("1.zip")).bytes);
		expect([...contents.values()].map(({ mtime }) => mtime.toISOString())).toEqual(
			Array.from({ length: 7 }, () => "2026-01-31T12:00:00.000Z"),
		);
	});
});

describe("sources of zipferry upload", () => {
	it("go under their names if there are several", async () => {
		expect(await namesOf("photos/docs", "photos/a.txt")).toEqual([
			"docs/",
			"docs/b.md",
			"docs/deep/",
			"docs/deep/c.txt",
			"a.txt",
		]);
	});

	it("are the same with slashes at the end, and as . (D9)", async () => {
		const names = await namesOf("photos/docs", "photos/a.txt");
		expect(await namesOf("photos/docs//", "./photos/a.txt")).toEqual(names);
		expect(await namesOf(".", "--include", "photos/a.txt")).toContain("photos/a.txt");
	});

	it("go under the name in front of =", async () => {
		expect(await namesOf("2026/jan=photos/docs", "hello.txt=photos/a.txt")).toEqual([
			"2026/jan/",
			"2026/jan/b.md",
			"2026/jan/deep/",
			"2026/jan/deep/c.txt",
			"hello.txt",
		]);
	});

	it("are taken as they stand if they exist with a = in their name", async () => {
		await directory.write({ "x=y.txt": "" });
		expect(await namesOf("x=y.txt")).toEqual(["x=y.txt"]);
	});

	it("may start with a hyphen behind --", async () => {
		await directory.write({ "--level": "" });
		const outcome = await upload("--quiet", "--", "--level", "photos/a.txt", `s3://${BUCKET}/hyphen.zip`);
		expect(outcome).toMatchObject({ exitCode: 0, stderr: "" });
		expect(await zipNames((await server.get("hyphen.zip")).bytes)).toEqual(["--level", "a.txt"]);
	});

	it("lose what --exclude matches, directories with all that is in them", async () => {
		expect(await namesOf(photos, "--exclude", "deep", "--exclude", "*.txt")).toEqual([
			"docs/",
			"docs/b.md",
			"empty/",
			"link",
		]);
	});

	it("lose what the patterns in a file match, with --exclude-from", async () => {
		await directory.write({ ignore: "# comment\n\n/docs\r\nlink\n!unrelated\n" });
		expect(await namesOf(photos, "--exclude-from", "ignore")).toEqual(["a.txt", "empty/"]);
	});

	it("keep only what --include matches", async () => {
		expect(await namesOf(photos, "--include", "*.txt")).toEqual(["a.txt", "docs/deep/c.txt"]);
	});

	it.each([
		["store", ["a.txt", "link"], "a.txt"],
		["follow", ["a.txt", "link"], "alpha"],
		["skip", ["a.txt"], undefined],
	])("treat symbolic links as --symlinks %s says", async (policy, names, data) => {
		const args = ["--exclude", "docs", "--exclude", "empty", "--symlinks", policy];
		expect(await namesOf(photos, ...args)).toEqual(names);
		const contents = await zipContents((await server.get("names.zip")).bytes);
		expect(contents.get("link")?.data.toString()).toBe(data);
	});

	it("that cannot be read are left out with --skip-errors, with a warning each and exit code 3", async () => {
		await directory.write({ "broken/a.txt": "", "broken/dangling": { link: "nowhere" } });
		const args = ["broken", `s3://${BUCKET}/broken.zip`, "--symlinks", "follow"];
		expect(await upload(...args)).toMatchObject({ exitCode: 4 });
		const { exitCode, stdout, stderr } = await upload(...args, "--skip-errors", "--json");
		expect(exitCode).toBe(3);
		expect(stderr).toMatch(/^warning: .*dangling.*\n$/);
		expect(JSON.parse(stdout)).toMatchObject({ entryCount: 1, warnings: [{ code: "UNREADABLE_SKIPPED" }] });
		expect(await zipNames((await server.get("broken.zip")).bytes)).toEqual(["a.txt"]);
	});
});
