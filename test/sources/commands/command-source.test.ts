import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LocalS3 } from "../../../localstack/strict-s3/local-s3.ts";
import { createZip } from "../../../src/archive/create-zip.ts";
import type { ZipferryEvent } from "../../../src/events.ts";
import type { CommandSource } from "../../../src/sources/source.ts";
import type { SourceOptions } from "../../../src/sources/source-options.ts";
import { uploadZip } from "../../../src/upload/upload-zip.ts";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { zipContents, zipNames } from "../../support/zip-contents.ts";

const directory = useTempDirectory();
let server: DemoServer;
beforeAll(async () => {
	server = await DemoServer.start();
});
afterAll(() => server?.close());

function sh(name: string, script: string): CommandSource {
	return { name, command: ["sh", "-c", script, "sh", directory.path()] };
}

function connect({ endpoint, region, accessKeyId, secretAccessKey }: LocalS3) {
	return { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
}

async function archive(
	sources: Parameters<typeof uploadZip>[0],
	options: SourceOptions & { signal?: AbortSignal; onEvent?: (event: ZipferryEvent) => unknown } = {},
) {
	return await uploadZip(sources, { bucket: BUCKET, key: "k.zip", ...connect(server.s3), ...options });
}

/** Whether a process is there, and not just its entry in the table of the system. */
function isAlive(pid: number): boolean {
	try {
		return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
	} catch {
		return false;
	}
}

async function pidIn(file: string): Promise<number> {
	for (;;) {
		const text = await readFile(directory.path(file), "utf8").catch(() => "");
		if (text.endsWith("\n")) return Number(text);
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
}

describe("a command as a source", () => {
	it("becomes an entry of all that it writes, beside directories and other commands", async () => {
		await directory.write({ "etc/hosts": "localhost\n" });
		const { entryCount } = await archive([
			{ path: directory.path("etc"), as: "etc" },
			{ name: "db.sql", command: ["head", "-c", "3000000", "/dev/zero"] },
			sh("args.txt", 'printf "%s|" "$@"'),
		]);
		expect(entryCount).toBe(4);
		const contents = await zipContents((await server.get("k.zip")).bytes);
		expect([...contents.keys()]).toEqual(["etc/", "etc/hosts", "db.sql", "args.txt"]);
		expect(contents.get("db.sql")?.data.equals(Buffer.alloc(3_000_000))).toBe(true);
		expect(contents.get("args.txt")?.data.toString()).toBe(`${directory.path()}|`);
	});

	it("is started when all before it has been read, one after the other", async () => {
		const log = directory.path("log");
		const script = (name: string) =>
			`echo "${name} starts" >> "$1/log"; head -c 2500000 /dev/zero; echo "${name} ends" >> "$1/log"`;
		const seen: string[] = [];
		async function* content() {
			yield "first";
			await new Promise((resolve) => setTimeout(resolve, 50));
			seen.push(await readFile(log, "utf8").catch(() => "nothing yet"));
			yield Buffer.alloc(2_000_000);
		}
		await archive([
			{ name: "slow.bin", content: content() },
			sh("a.sql", script("a")),
			sh("b.sql", script("b")),
		]);
		expect(seen).toEqual(["nothing yet"]);
		expect(await directory.read("log")).toBe("a starts\na ends\nb starts\nb ends\n");
	});

	it("tells each line on stderr, and waits for whoever listens", async () => {
		const lines: string[] = [];
		let busy = 0;
		let most = 0;
		await archive(sh("db.sql", "echo data; echo one >&2; printf 'two\\rthree' >&2"), {
			async onEvent(event) {
				if (event.type !== "command-output") return;
				busy += 1;
				most = Math.max(most, busy);
				await new Promise((resolve) => setTimeout(resolve, 5));
				lines.push(`${event.name}: ${event.line}`);
				busy -= 1;
			},
		});
		expect(lines).toEqual(["db.sql: one", "db.sql: two", "db.sql: three"]);
		expect(most).toBe(1);
	});

	it("hands on no more than its pipe and the archive can hold", async () => {
		const script =
			'i=0; while [ $i -lt 400 ]; do head -c 1000000 /dev/zero; i=$((i+1)); echo $i > "$1/n"; done';
		const stop = new AbortController();
		let ahead = 0;
		const write = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
			for await (const _chunk of chunks) {
				await new Promise((resolve) => setTimeout(resolve, 400));
				ahead = Number(await directory.read("n").catch(() => "0"));
				stop.abort(new Error("seen enough"));
			}
		};
		const source = { ...sh("big.bin", script) };
		const options = { method: "store", compressConcurrency: 1, signal: stop.signal } as const;
		await expect(createZip(source, write, options)).rejects.toThrow("seen enough");
		expect(ahead).toBeLessThan(60);
	});
});

describe("a command that fails", () => {
	const failing: [string, string, RegExp][] = [
		["exits with a code", "echo data; echo 'no such table' >&2; exit 3", /exit code 3: no such table$/],
		["exits late", "head -c 9000000 /dev/zero; exit 1", /failed with exit code 1$/],
		["dies", "echo data; kill -9 $$", /was ended by SIGKILL$/],
		["gives no data", "echo 'nothing to do' >&2", /gave no data: nothing to do; set allowEmpty to true/],
		[
			"fails, and leaves somebody with its output",
			"echo data; sleep 600 & exit 4",
			/failed with exit code 4$/,
		],
	];
	it.each(failing)("publishes nothing: %s", async (_what, script, message) => {
		await server.put("k.zip", "the last good one");
		const failure = await archive(sh("db.sql", script), { skipErrors: true }).catch((error) => error);
		expect(failure).toMatchObject({ code: "COMMAND_FAILED", origin: '"db.sql"' });
		expect(failure.message).toMatch(message);
		expect(failure.message).toMatch(/^the command sh for "db\.sql" /);
		expect((await server.get("k.zip")).bytes.toString()).toBe("the last good one");
		expect(await server.incompleteUploads()).toEqual([]);
	});

	it("tells that there is no such program, and never its arguments", async () => {
		const command = ["/no/such/dump", "--password=hunter2"] as const;
		const failure = await archive({ name: "db.sql", command }).catch((error) => error);
		expect(failure.message).toBe(
			'the command /no/such/dump for "db.sql" cannot be started: there is no program /no/such/dump',
		);
		expect(failure.code).toBe("COMMAND_FAILED");
	});

	it("keeps its last lines as the cause", async () => {
		const failure = await archive(sh("db.sql", "echo data; seq 1 30 >&2; exit 1")).catch((error) => error);
		expect(failure.cause.message.split("\n")).toEqual([
			"21",
			"22",
			"23",
			"24",
			"25",
			"26",
			"27",
			"28",
			"29",
			"30",
		]);
	});

	it("may be an empty file where that is asked for", async () => {
		await archive({ ...sh("db.sql", "true"), allowEmpty: true });
		expect(await zipNames((await server.get("k.zip")).bytes)).toEqual(["db.sql"]);
	});
});

describe("a command whose archive ends early", () => {
	const endless =
		'sleep 600 & echo $! > "$1/child"; echo $$ > "$1/pid"; while :; do head -c 100000 /dev/zero; done';
	const stubborn = 'trap "" TERM PIPE; echo $$ > "$1/pid"; echo $$ > "$1/child"; echo data; sleep 600';
	const silent = 'sleep 600 & echo $! > "$1/child"; echo $$ > "$1/pid"; wait';

	async function expectGone(script: string): Promise<void> {
		const stop = new AbortController();
		const running = archive(sh("db.sql", script), { signal: stop.signal });
		running.catch(() => {});
		const pids = [await pidIn("pid"), await pidIn("child")];
		expect(pids.map(isAlive)).toEqual([true, true]);
		stop.abort(new Error("enough"));
		await expect(running).rejects.toThrow("enough");
		expect(pids.map(isAlive)).toEqual([false, false]);
	}

	it.each([
		["while it writes", endless],
		["while it is silent", silent],
	])("is gone with all that it has started: stopped %s", (_when, script) => expectGone(script));

	it("is killed after five seconds if it does not end", { tags: "slow", timeout: 120_000 }, () =>
		expectGone(stubborn),
	);

	it("is gone when another source has failed", async () => {
		const failing = (async function* () {
			yield Buffer.alloc(2_000_000);
			await pidIn("pid");
			throw new Error("disk read failed");
		})();
		const sources = [sh("db.sql", 'echo $$ > "$1/pid"; echo data'), { name: "x", content: failing }];
		await expect(archive(sources)).rejects.toThrow("disk read failed");
		expect(isAlive(await pidIn("pid"))).toBe(false);
	});

	it("is gone when whoever reads the archive stops", async () => {
		const write = async (chunks: AsyncIterable<Uint8Array>) => {
			for await (const _chunk of chunks) throw new Error("disk full");
		};
		await expect(createZip(sh("db.sql", endless), write, { method: "store" })).rejects.toThrow("disk full");
		expect([await pidIn("pid"), await pidIn("child")].map(isAlive)).toEqual([false, false]);
	});
});

describe("the options of a command", () => {
	it.each([
		[{ name: "db.sql", command: [] }, /command must be a list of the program and its arguments/],
		[{ name: "db.sql", command: "pg_dump" }, /command must be a list of the program and its arguments/],
		[{ name: "db/", command: ["true"] }, /"db\/" names a directory/],
		[{ name: "../db", command: ["true"] }, /\.\./],
		[{ name: "db", command: ["true"], cwd: "/" }, /there is no option sources\[0\]\.cwd/],
	])("are checked: %j", async (source, message) => {
		await expect(archive(source as unknown as CommandSource)).rejects.toThrow(message);
	});
});
