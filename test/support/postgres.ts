import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { freePort } from "./redis.ts";

const run = promisify(execFile);

const DEBIAN = "/usr/lib/postgresql";
const PLACES = [
	...(existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => `${DEBIAN}/${version}/bin`) : []),
];
const PROGRAMS = PLACES.find((place) => existsSync(`${place}/initdb`));

/** Whether there is a PostgreSQL; says so if not. */
export function hasPostgres(untried: string): boolean {
	if (PROGRAMS === undefined)
		console.warn(`no PostgreSQL (localstack/servers/postgres.sh install): ${untried} is not tried`);
	return PROGRAMS !== undefined;
}

/** A PostgreSQL of its own, on a free port of this machine. */
export class PostgresServer {
	readonly port: number;
	readonly #folder: string;

	private constructor(port: number, folder: string) {
		this.port = port;
		this.#folder = folder;
	}

	/** @param auth - Who is let in without further questions: `trust` everybody, `scram-sha-256` those who know the password. */
	static async start(auth = "trust", password = "unused"): Promise<PostgresServer> {
		const folder = await mkdtemp(join(tmpdir(), "zipferry-postgres-"));
		const server = new PostgresServer(await freePort(), folder);
		const { uid, gid } = await owner();
		await chown(folder, uid, gid);
		// The file is read by initdb itself, as its user.
		await asOwner("sh", ["-c", `umask 77; printf %s "$1" >"$2"`, "sh", password, join(folder, "password")]);
		await asOwner(`${PROGRAMS}/initdb`, [
			...["-D", server.#data, "-U", "zipferry", "-A", auth, "--pwfile", join(folder, "password")],
			...["-E", "UTF8", "--locale", "C", "--no-sync"],
		]);
		await server.resume();
		return server;
	}

	get url(): string {
		return `postgres://zipferry@127.0.0.1:${this.port}/postgres`;
	}

	get #data(): string {
		return join(this.#folder, "data");
	}

	async resume(): Promise<void> {
		const settings = `-p ${this.port} -k ${this.#folder} -c listen_addresses=127.0.0.1`;
		const log = join(this.#folder, "log");
		await asOwner(`${PROGRAMS}/pg_ctl`, ["-D", this.#data, "-w", "-o", settings, "-l", log, "start"]);
	}

	/** As a crash does. */
	async stop(): Promise<void> {
		await asOwner(`${PROGRAMS}/pg_ctl`, ["-D", this.#data, "-w", "-m", "immediate", "stop"]);
	}

	async close(): Promise<void> {
		await this.stop().catch(() => {}); // a test may have stopped it
		await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
	}

	async ask<Row extends object>(sql: string): Promise<readonly Row[]> {
		const client = new Client({ connectionString: this.url });
		await client.connect();
		try {
			return (await client.query<Row>(sql)).rows;
		} finally {
			await client.end();
		}
	}

	/** Removes all jobs, and keeps the tables. */
	async empty(): Promise<void> {
		const tables = await this.ask<{ readonly name: string }>(
			"SELECT tablename AS name FROM pg_tables WHERE schemaname = 'bullmq' AND tablename <> 'migration'",
		);
		if (tables.length > 0) await this.ask(`TRUNCATE ${tables.map(({ name }) => `bullmq.${name}`).join()}`);
	}
}

/** PostgreSQL refuses to run as root. */
async function owner(): Promise<{ readonly uid: number; readonly gid: number }> {
	const [uid = 0, gid = 0] = [process.getuid?.(), process.getgid?.()];
	if (uid !== 0) return { uid, gid };
	const of = async (flag: string) => Number((await run("id", [flag, "postgres"])).stdout);
	return { uid: await of("-u"), gid: await of("-g") };
}

async function asOwner(program: string, args: readonly string[]): Promise<void> {
	const { uid, gid } = await owner();
	// What pg_ctl starts keeps its output open.
	await new Promise<void>((resolve, reject) => {
		const child = execFile(program, args, {
			uid,
			gid,
			cwd: "/",
			env: { PATH: process.env["PATH"], LC_ALL: "C" },
		});
		child.once("exit", (code) =>
			code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}`)),
		);
		child.once("error", reject);
	});
}
