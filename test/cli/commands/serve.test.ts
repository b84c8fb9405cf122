import { chmod, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { type Program, stopPrograms } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { errorLine, startZipferry, zipferry } from "../zipferry.ts";

const directory = useTempDirectory();
beforeEach(() => directory.write({ "photos/a.txt": "alpha", "photos/sub/b.txt": "beta" }));
afterEach(stopPrograms);

const env = (more: Readonly<Record<string, string>> = {}) => ({ HOME: directory.path("home"), ...more });

function start(args: readonly string[], more?: Readonly<Record<string, string>>): Program {
	return startZipferry(["serve", "--port", "0", ...args], { env: env(more), cwd: directory.path() });
}

async function urlOf(program: Program): Promise<string> {
	const [, url = ""] = await program.says(/(http:\/\/[\d.:[\]]+\/)/);
	return url;
}

describe("zipferry serve", () => {
	it("tells its address, answers, and ends with 0 when it is stopped", async () => {
		const program = start(["photos", "-v"]);
		const url = await urlOf(program);
		expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
		expect(await (await fetch(`${url}sub/b.txt`)).text()).toBe("beta");
		await program.says(/127\.0\.0\.1 GET \/sub\/b\.txt 200, .* ms\n/);
		program.kill("SIGTERM");
		const { exitCode, stdout, stderr } = await program.ended;
		expect([exitCode, stdout]).toEqual([0, ""]);
		expect(stderr).toMatch(
			/^serving photos at http:.*\n(.*\n)*stopped by SIGTERM; downloads have 10 seconds to end, a second signal cuts them\n$/,
		);
	});

	it("sends the archive of a folder, and keeps CRC-32s in the cache of the user", async () => {
		const program = start(["photos"]);
		const url = await urlOf(program);
		const answer = await fetch(`${url}?zip`);
		expect(answer.headers.get("content-disposition")).toBe("attachment; filename=photos.zip");
		const bytes = Buffer.from(await answer.arrayBuffer());
		expect(bytes.byteLength).toBe(Number(answer.headers.get("content-length")));
		await writeFile(directory.path("got.zip"), bytes);
		program.kill("SIGINT");
		expect((await program.ended).exitCode).toBe(0);
		const listed = await zipferry(["verify", "got.zip"], { env: env(), cwd: directory.path() });
		expect(listed.exitCode).toBe(0);
		expect(await readdir(directory.path("home/.cache/zipferry"))).toEqual([
			expect.stringMatching(/^crc32-[\da-f]{12}$/),
		]);
	});

	it("warns if CRC-32s cannot be kept, and serves all the same", async () => {
		const program = start(["photos", "--crc-cache", "photos/a.txt/crc"]);
		const url = await urlOf(program);
		await program.says(/warning: .*photos\/a\.txt\/crc/);
		expect((await fetch(`${url}?zip`)).status).toBe(200);
	});

	it("prints lines of JSON with --json", async () => {
		const program = start(["photos", "--json"]);
		const url = await urlOf(program);
		await fetch(`${url}nope%0A`);
		await program.says(/"event":"request"/);
		program.kill("SIGTERM");
		const { stdout, stderr } = await program.ended;
		const events = stdout
			.trimEnd()
			.split("\n")
			.map((line) => JSON.parse(line));
		expect(events).toMatchObject([
			{ event: "listening", source: "photos", url },
			{ event: "request", method: "GET", target: "/nope%0A", status: 404, complete: true },
			{ event: "stopping", message: expect.stringMatching(/^stopped by SIGTERM; /) },
		]);
		expect(stderr).toBe("");
	});

	it.each([
		["on the command line", ["--auth", "me:pass-word-1"], {}],
		["in the environment", [], { ZIPFERRY_AUTH: "me:pass-word-1" }],
		["in a file", ["--auth", "file:secret"], {}],
	])("asks for a password that is given %s, and repeats it nowhere", async (_where, args, more) => {
		await writeFile(directory.path("secret"), "me:pass-word-1\n");
		await chmod(directory.path("secret"), 0o600);
		const program = start(["photos", "-v", "--debug", ...args], more);
		const url = await urlOf(program);
		expect((await fetch(url)).status).toBe(401);
		const authorization = `Basic ${Buffer.from("me:pass-word-1").toString("base64")}`;
		expect((await fetch(url, { headers: { authorization } })).status).toBe(200);
		expect((await fetch(`${url}pass-word-1`, { headers: { authorization } })).status).toBe(404);
		program.kill("SIGTERM");
		const { stderr, stdout } = await program.ended;
		expect(stderr + stdout).not.toContain("pass-word-1");
		expect(stderr).not.toContain("warning");
	});

	it("warns if others can reach it", async () => {
		const open = start(["photos", "--host", "0.0.0.0"]);
		await open.says(/warning: everybody who reaches this address can read all that is served; --auth/);
		const closed = start(["photos", "--host", "0.0.0.0", "--auth", "me:pass-word-1"]);
		await closed.says(/warning: the password and all files cross the network in the clear/);
	});

	it("serves a bucket", async () => {
		const server = await DemoServer.start();
		try {
			await server.put("photos/ü.txt", "object");
			const program = start([`s3://${BUCKET}/photos/`], server.env);
			const url = await urlOf(program);
			expect(await (await fetch(`${url}%C3%BC.txt`)).text()).toBe("object");
			expect(await (await fetch(url)).text()).toContain("<bdi>ü.txt</bdi>");
			program.kill("SIGTERM");
			expect((await program.ended).exitCode).toBe(0);
		} finally {
			await server.s3.close();
		}
	});

	it.each([
		[["missing"], 4, /source missing: does not exist/],
		[
			["https://me:hidden@host/x?y"],
			2,
			/a directory or s3:\/\/bucket\/prefix is served, not https:\/\/host\/x$/,
		],
		[["photos/a.txt"], 4, /photos\/a\.txt is no directory/],
		[[""], 2, /the directory is empty/],
		[["photos", "--port", "65536"], 2, /--port must be a port from 0 to 65,535/],
		[["photos", "--host", "192.0.2.1"], 2, /cannot listen at 192\.0\.2\.1/],
		[["photos", "--auth", "secret-without-user"], 2, /--auth must be a user and a password/],
		[["photos", "--auth", "file:nope"], 2, /the file of --auth cannot be read/],
	])("says why %j cannot be served", async (args, exitCode, message) => {
		const outcome = await zipferry(["serve", ...(args.includes("--port") ? [] : ["--port=0"]), ...args], {
			env: env(),
			cwd: directory.path(),
		});
		expect(outcome.exitCode).toBe(exitCode);
		expect(errorLine(outcome)).toMatch(message);
		expect(outcome.stderr).not.toContain("secret-without-user");
	});

	it("does not take the variable of a Kubernetes service for a port, and says so", async () => {
		const more = { ZIPFERRY_PORT: "tcp://10.0.0.1:8080", ZIPFERRY_SERVICE_HOST: "10.0.0.1" };
		const program = start(["photos"], more);
		await urlOf(program);
		program.kill("SIGTERM");
		const { exitCode, stderr } = await program.ended;
		expect([exitCode, stderr.includes("warning")]).toEqual([0, false]); // --port was given
		const port = "8089";
		const other = startZipferry(["serve", "nope"], { env: env(more), cwd: directory.path() });
		expect((await other.ended).stderr).toMatch(
			/^warning: ZIPFERRY_PORT is not used: its value is the address of a service, .*\nzipferry: source nope: does not exist\n$/,
		);
		const typed = { ...more, ZIPFERRY_PORT: `${port}x` };
		const wrong = startZipferry(["serve", "photos"], { env: env(typed), cwd: directory.path() });
		expect(await wrong.ended).toMatchObject({
			exitCode: 2,
			stderr: expect.stringContaining("ZIPFERRY_PORT"),
		});
	});

	it("says in its help that signals end it well, and what else they may mean", async () => {
		const { stdout } = await zipferry(["serve", "--help"], { env: env() });
		expect(stdout).toMatch(/\n {2}0 +stopped by SIGTERM or SIGINT\n/);
		expect(stdout.replaceAll(/\s+/g, " ")).toMatch(
			/129, 130, 131, 134, 143 stopped while it starts, by a second signal, or by SIGQUIT or SIGABRT/,
		);
	});

	it("logs how much of the body was sent", async () => {
		const program = start(["photos", "--json"]);
		const url = await urlOf(program);
		await (await fetch(`${url}a.txt`)).text();
		await fetch(`${url}a.txt`, { method: "HEAD" });
		const page = (await (await fetch(`${url}nope`)).text()).length;
		await fetch(`${url}nope`, { method: "HEAD" });
		await program.says(/(?:.*"event":"request".*\n){4}/);
		program.kill("SIGTERM");
		const { stdout } = await program.ended;
		const sizes = [...stdout.matchAll(/"sentSize":(\d+)/g)].map(([, size]) => Number(size));
		expect(sizes.sort((a, b) => a - b)).toEqual([0, 0, 5, page]);
	});

	it("warns of a prefix with nothing below it, which is not found until there is something", async () => {
		const server = await DemoServer.start();
		try {
			const program = start([`s3://${BUCKET}/photos/`], server.env);
			await program.says(
				/warning: there is nothing below s3:\/\/.*\/photos\/; it is "not found" until there is\n/,
			);
			const url = await urlOf(program);
			expect((await fetch(url)).status).toBe(404);
			expect((await fetch(`${url}?zip`)).status).toBe(404);
			await server.put("photos/a.txt", "object");
			expect((await fetch(url)).status).toBe(200);
			program.kill("SIGTERM");
			expect((await program.ended).exitCode).toBe(0);
		} finally {
			await server.s3.close();
		}
	});

	it("says that the port is taken", async () => {
		const other = createServer();
		await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
		const { port } = other.address() as { port: number };
		const outcome = await zipferry(["serve", "photos", "--port", String(port)], {
			env: env(),
			cwd: directory.path(),
		});
		other.close();
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toMatch(/cannot listen at 127\.0\.0\.1, port \d+: .*EADDRINUSE/);
	});
});
