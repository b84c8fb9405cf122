import { chmod, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { loadConfig } from "../../src/backup/config/load-config.ts";
import { extractArchive, uploadZip } from "../../src/index.ts";
import { shell } from "../cli/zipferry.ts";
import { DemoServer } from "../support/demo-server.ts";
import { Program, stopPrograms } from "../support/program.ts";
import { zipNames } from "../support/zip-contents.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const PATIENCE = { timeout: 120_000 };
const SLOW = { tags: "slow" };

/** Pages for users, whose lines and programs are to be copied. */
const PAGES = [
	"README.md",
	"docs/command.md",
	"docs/library.md",
	"docs/cookbook.md",
	"docs/downloads.md",
	"docs/objects.md",
];

/** That configs of the pages read. */
const VARIABLES = { PING_URL: "https://ping.example/uuid" };

/** Of the file in photos/, which is in photos.zip as well. */
const PHOTOS_MTIME = new Date("2026-01-02T03:04:05Z");

/** Inside of the package, so that its own name leads to it; Git and others pass over `.tmp`. */
let directory = "";
let server: DemoServer;
beforeAll(async () => {
	server = await DemoServer.start({ buckets: ["my-bucket"], region: "eu-central-1" });
	const { endpoint, accessKeyId, secretAccessKey } = server.s3;
	const storage = { endpoint, region: "eu-central-1", credentials: { accessKeyId, secretAccessKey } };
	for (const [key, name] of Object.entries({ "photos.zip": "a.txt", "work.zip": "docs/a.txt" }))
		await uploadZip(
			{ name, content: "photos", mtime: PHOTOS_MTIME, mode: 0o644 },
			{ bucket: "my-bucket", key, ...storage },
		);
	await extractArchive("s3://my-bucket/photos.zip", "s3://my-bucket/photos/", storage);
});
afterAll(() => server?.close());
beforeEach(async () => {
	await mkdir(`${PROJECT}.tmp`, { recursive: true });
	directory = await mkdtemp(`${PROJECT}.tmp/pages-`);
	for (const folder of ["photos", "src", "docs", "data"]) {
		await mkdir(`${directory}/${folder}`);
		await writeFile(`${directory}/${folder}/a.txt`, folder);
	}
	await utimes(`${directory}/photos/a.txt`, PHOTOS_MTIME, PHOTOS_MTIME);
	await chmod(`${directory}/photos/a.txt`, 0o644);
	await writeFile(`${directory}/notes.txt`, "notes");
	await mkdir(`${directory}/bin`);
	await writeFile(`${directory}/bin/pg_dump`, '#!/bin/sh\necho "-- dump of $1"\n', { mode: 0o755 });
	await writeFile(`${directory}/.gitignore`, "*.log\n");
});
afterEach(async () => {
	await stopPrograms();
	await rm(directory, { recursive: true });
});

/** The code blocks of a page in a language. */
async function blocksOf(page: string, language: string): Promise<string[]> {
	const text = await readFile(`${PROJECT}${page}`, "utf8");
	return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(
		([, block = ""]) => block,
	);
}

/** Lines of shell that run the command. */
async function linesOf(page: string): Promise<string[]> {
	const lines = (await blocksOf(page, "sh")).flatMap((block) => block.split("\n"));
	return lines
		.filter((line) => line.startsWith("zipferry "))
		.map((line) => line.replace(/ {2,}#.*$/, "").trim());
}

/** What lines run with: the server, and programs that stand for those of users. */
function environment(): Record<string, string> {
	return { PATH: `${directory}/bin:${process.env["PATH"]}`, HOME: directory, ...server.env };
}

function startProgram(program: string): Program {
	const args = ["--import", "tsx", program];
	return new Program(process.execPath, args, { env: environment(), cwd: directory });
}

/** How programs begin to serve, which then do not end. */
const LISTEN = ".listen(8080)";

function serves(program: string): boolean {
	return program.includes(LISTEN);
}

describe.each(PAGES)("%s", PATIENCE, async (page) => {
	const lines = await linesOf(page);
	const programs = await blocksOf(page, "ts");
	const configs = await blocksOf(page, "yaml");

	it("has something to copy", () => {
		expect(lines.length + programs.length).toBeGreaterThan(4);
	});

	it.each(lines)("$ %s", SLOW, async (line) => {
		const outcome = await shell(line, { env: environment(), cwd: directory });
		expect(outcome, outcome.stderr).toMatchObject({ exitCode: 0 });
	});

	it.each(configs)("a config is one: %#", async (config) => {
		const path = `${directory}/zipferry.config.yaml`;
		await writeFile(path, config);
		const { jobs, warnings } = await loadConfig({ cwd: directory, path, env: VARIABLES });
		expect(jobs.length).toBeGreaterThan(0);
		expect(warnings).toEqual([]);
	});

	it.each(programs.filter((program) => !serves(program)))("a program runs: %#", SLOW, async (program) => {
		await writeFile(`${directory}/program.ts`, program);
		const outcome = await startProgram("./program.ts").ended;
		expect(outcome, outcome.stderr).toMatchObject({ exitCode: 0 });
	});

	it.each(programs.filter(serves))("a server gives an archive: %#", SLOW, async (program) => {
		const listen = `.listen(0, function () { console.log("port", this.address().port) })`;
		await writeFile(`${directory}/program.ts`, program.replace(LISTEN, listen));
		const [, port = ""] = await startProgram("./program.ts").says(/^port (\d+)/m);
		const response = await fetch(`http://127.0.0.1:${port}/photos.zip`);
		expect(await zipNames(Buffer.from(await response.arrayBuffer()))).toEqual(["a.txt"]);
	});

	it("all programs compile", SLOW, async () => {
		const files = programs.map((_, index) => `${directory}/program-${index}.ts`);
		for (const [index, file] of files.entries()) await writeFile(file, `${programs[index]}\nexport {};\n`);
		if (files.length === 0) return;
		const modules = ["--module", "nodenext", "--target", "es2022", "--types", "node", "--skipLibCheck"];
		const tsc = [`${PROJECT}node_modules/typescript/bin/tsc`, "--ignoreConfig", "--strict", "--noEmit"];
		const outcome = await new Program(process.execPath, [...tsc, ...modules, ...files], { env: {} }).ended;
		expect(outcome.stdout).toBe("");
	});
});
