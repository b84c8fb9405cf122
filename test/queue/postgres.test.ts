import { createPostgresBackend, type PgPool, Queue } from "bullmq";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enqueueFlow } from "../../src/queue/flow/enqueue-flow.ts";
import { waitForFlow } from "../../src/queue/flow/wait-for-flow.ts";
import { zipStatus } from "../../src/queue/flow/zip-status.ts";
import { openQueue } from "../../src/queue/open-queue.ts";
import { isAway, PatientPool } from "../../src/queue/postgres/patient-pool.ts";
import { shownPostgresUrl } from "../../src/queue/postgres/postgres-url.ts";
import { redact } from "../../src/secrets/redact.ts";
import { hasPostgres, PostgresServer } from "../support/postgres.ts";
import { freePort } from "../support/redis.ts";
import { fakeShards } from "./fake-steps.ts";

const PASSWORD = "queue-passw0rd";
const TARGET = { bucket: "demo", key: "photos.zip" };

describe("the URL of a PostgreSQL", () => {
	it.each([
		["postgres://h", "postgres://h:5432"],
		["postgresql://me:p%40ss%2Fword@h:1/jobs?sslmode=verify-full", "postgres://h:1/jobs"],
		["postgres://[::1]/jobs", "postgres://[::1]:5432/jobs"],
	])("is shown without user and password: %s", (url, shown) => {
		expect(shownPostgresUrl(url)).toBe(shown);
	});

	it.each(["", "postgres://", "redis://h", "localhost:5432", `${PASSWORD}@h`])(
		"is refused without being repeated: %j",
		(url) => {
			expect(() => shownPostgresUrl(url)).toThrow(/^postgres must be the URL of a PostgreSQL/);
			expect(() => shownPostgresUrl(url)).not.toThrow(PASSWORD);
		},
	);

	it("has the password kept out of all that is shown", () => {
		shownPostgresUrl("postgres://me:never-shown-2@h/?password=never-shown-3");
		expect(redact("never-shown-2 never-shown-3")).toBe("[secret] [secret]");
	});
});

describe("a PostgreSQL that is away", () => {
	const failure = (code: string) => Object.assign(new Error("no"), { code });
	const away = () => Promise.reject(failure("57P01"));

	it.each(["57P01", "57P03", "08006", "ECONNREFUSED", "ECONNRESET"])("is known by %s", (code) => {
		expect(isAway(failure(code))).toBe(true);
	});

	it.each(["28P01", "42501", "23505", "BM001"])("is not what %s means", (code) => {
		expect(isAway(failure(code))).toBe(false);
	});

	function poolOf(query: () => Promise<unknown>, patienceMs: number) {
		const told: string[] = [];
		const pool = Object.assign(new Pool(), { query });
		const patience = {
			patienceMs,
			onAway: () => void told.push("away"),
			onLost: () => void told.push("lost"),
		};
		return { told, patient: new PatientPool(pool as never, patience) };
	}

	it("is asked again until it is back, and told of once", async () => {
		let asked = 0;
		const query = () => (++asked < 4 ? away() : Promise.resolve({ rows: [asked] }));
		const { told, patient } = poolOf(query, 60_000);
		expect(await patient.query("SELECT 1")).toEqual({ rows: [4] });
		expect(told).toEqual(["away"]);
	});

	it("is lost when it stays away", async () => {
		const { told, patient } = poolOf(away, 300);
		await expect(patient.query("SELECT 1")).rejects.toMatchObject({ code: "57P01" });
		expect(told).toEqual(["away", "lost"]);
	});

	it("is not waited for when the queue is closed", async () => {
		const { told, patient } = poolOf(away, 600_000);
		const asking = patient.query("SELECT 1");
		await patient.end();
		await expect(asking).rejects.toMatchObject({ code: "57P01" });
		expect(told).not.toContain("lost");
	});

	it("is told in one line, in bounded time, without the password", async () => {
		const port = await freePort();
		const url = `postgres://me:${PASSWORD}@127.0.0.1:${port}/jobs`;
		await expect(openQueue(url, { retryTimeMs: 600 })).rejects.toMatchObject({
			code: "NETWORK",
			message: `cannot reach the queue at postgres://127.0.0.1:${port}/jobs: connect ECONNREFUSED 127.0.0.1:${port}`,
		});
		const opening = openQueue(url, { signal: AbortSignal.timeout(100) });
		await expect(opening).rejects.toMatchObject({ name: "TimeoutError" });
	});
});

describe.skipIf(!hasPostgres("how a queue on PostgreSQL is reached"))("a queue on PostgreSQL", () => {
	let server: PostgresServer;
	beforeAll(async () => {
		server = await PostgresServer.start("scram-sha-256", PASSWORD);
	});
	afterAll(() => server?.close());

	const urlOf = (user: string, password: string, database = "postgres") =>
		`postgres://${user}:${password}@127.0.0.1:${server.port}/${database}`;

	it("is refused at once with a wrong password, or where there is no such database", async () => {
		await expect(openQueue(urlOf("zipferry", "another-passw0rd"), {})).rejects.toMatchObject({
			code: "QUEUE_REFUSED",
			message: `postgres://127.0.0.1:${server.port}/postgres refuses the connection: password authentication failed for user "zipferry"`,
		});
		await expect(openQueue(urlOf("zipferry", PASSWORD, "none"), {})).rejects.toMatchObject({
			code: "QUEUE_REFUSED",
			message: expect.stringContaining('database "none" does not exist'),
		});
	});

	it("has its tables made by the first who may, and is used by those who may not", async () => {
		const own = { connectionString: urlOf("zipferry", PASSWORD) };
		const pool = new Pool(own);
		await pool.query(`CREATE ROLE worker LOGIN PASSWORD '${PASSWORD}'`);
		await expect(openQueue(urlOf("worker", PASSWORD), {})).rejects.toMatchObject({
			code: "QUEUE_REFUSED",
			message: expect.stringContaining("permission denied for database postgres"),
		});
		(await openQueue(own.connectionString, {})).close();
		await pool.query(
			`GRANT USAGE ON SCHEMA bullmq TO worker;
			GRANT ALL ON ALL TABLES IN SCHEMA bullmq TO worker;
			GRANT ALL ON ALL SEQUENCES IN SCHEMA bullmq TO worker`,
		);
		await pool.end();
		(await openQueue(urlOf("worker", PASSWORD), {})).close();
	});

	it("is the caller's, by a pool that stays open", async () => {
		const url = urlOf("zipferry", PASSWORD);
		(await openQueue(url, {})).close();
		const pool = new Pool({ connectionString: url, options: "-c search_path=bullmq" });
		const connection = pool as unknown as PgPool; // the types of its listeners say the same in another way
		const queue = new Queue("zipferry", { connection }, createPostgresBackend);
		const plan = await enqueueFlow(queue, "/srv", TARGET, fakeShards(2));
		const waiting = waitForFlow(queue, plan, { signal: AbortSignal.timeout(1_500) });
		await expect(waiting).rejects.toMatchObject({ name: "TimeoutError" });
		expect(await zipStatus(queue, plan.id)).toMatchObject({ state: "waiting" });
		await queue.close();
		await pool.end();
	});
});
