import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkServer } from "../../src/queue/redis/check-server.ts";
import { openConnection } from "../../src/queue/redis/open-connection.ts";
import { parseRedisUrl } from "../../src/queue/redis/redis-url.ts";
import { redact } from "../../src/secrets/redact.ts";
import { makeCertificate } from "../support/certificate.ts";
import { stopPrograms } from "../support/program.ts";
import { freePort, hasRedis, RedisServer } from "../support/redis.ts";
import { useTempDirectory } from "../support/temp-directory.ts";

const PASSWORD = "queue-passw0rd";
const SOON = { retryTimeMs: 500 };

describe("parseRedisUrl", () => {
	it.each([
		["redis://h", { host: "h", port: 6379, db: 0, tls: false, shown: "redis://h:6379" }],
		["rediss://h:1/2", { host: "h", port: 1, db: 2, tls: true, shown: "rediss://h:1/2" }],
		["redis://[::1]:7", { host: "::1", port: 7, shown: "redis://[::1]:7" }],
		[`redis://:${PASSWORD}@h`, { username: undefined, password: PASSWORD, shown: "redis://h:6379" }],
		["redis://me:p%40ss%2Fword@h", { username: "me", password: "p@ss/word" }],
	])("reads %s", (url, address) => {
		expect(parseRedisUrl(url)).toMatchObject(address);
	});

	it.each(["", "localhost:6379", "http://h", "redis://", "redis://h/queue", `${PASSWORD}@h`])(
		"refuses %j without repeating it",
		(url) => {
			expect(() => parseRedisUrl(url)).toThrow(/^redis must be the URL of a Redis/);
			expect(() => parseRedisUrl(url)).not.toThrow(PASSWORD);
		},
	);

	it("has the password kept out of all that is shown", () => {
		parseRedisUrl("redis://me:never-shown-1@h");
		expect(redact("AUTH me never-shown-1 failed")).toBe("AUTH me [secret] failed");
	});
});

describe("checkServer", () => {
	const infoOf = (lines: readonly string[]) => ({ info: async () => ["# Server", ...lines].join("\r\n") });

	it.each([
		[["redis_version:6.0.16"], "is Redis 6.0.16; a queue needs 6.2 or newer"],
		[["redis_version:7.2.0", "maxmemory_policy:allkeys-lru"], "has the maxmemory-policy allkeys-lru"],
		[["redis_version:7.2.0", "role:slave"], "is a replica"],
	])("refuses a server that says %j", async (lines, message) => {
		await expect(checkServer(infoOf(lines), "it")).rejects.toMatchObject({
			code: "QUEUE_REFUSED",
			message: expect.stringContaining(`it ${message}`),
		});
	});

	it("takes one that keeps everything", async () => {
		await checkServer(infoOf(["redis_version:6.2.0", "maxmemory_policy:noeviction", "role:master"]), "it");
	});
});

async function listening(server: Server): Promise<number> {
	await once(server.listen(0, "127.0.0.1"), "listening");
	return (server.address() as AddressInfo).port;
}

describe("a queue that is not there", () => {
	it("is told in one line, in bounded time", async () => {
		const port = await freePort();
		await expect(openConnection(`redis://me:${PASSWORD}@127.0.0.1:${port}`, SOON)).rejects.toMatchObject({
			code: "NETWORK",
			message: `cannot reach the queue at redis://127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`,
		});
	});

	it("is told when something accepts the connection and is silent", async () => {
		const server = createServer(() => {});
		const port = await listening(server);
		await expect(openConnection(`redis://127.0.0.1:${port}`, SOON)).rejects.toMatchObject({
			code: "NETWORK",
		});
		server.close();
	});

	it("is told at once when something else answers", async () => {
		const server = createServer((socket) =>
			socket.on("error", () => {}).end("HTTP/1.1 400 Bad Request\r\n\r\n"),
		);
		const port = await listening(server);
		await expect(openConnection(`redis://127.0.0.1:${port}`)).rejects.toMatchObject({
			code: "QUEUE_REFUSED",
			message: `what answers at redis://127.0.0.1:${port} is no Redis`,
		});
		server.close();
	});

	it("is not waited for any more when the caller stops", async () => {
		const port = await freePort();
		const signal = AbortSignal.timeout(100);
		const opening = openConnection(`redis://127.0.0.1:${port}`, { signal });
		await expect(opening).rejects.toMatchObject({ name: "TimeoutError" });
	});
});

describe.skipIf(!hasRedis("how a queue is reached"))("a connection to a queue", () => {
	const temp = useTempDirectory();
	let redis: RedisServer | undefined;
	beforeEach(() => {
		redis = undefined;
	});
	afterEach(async () => {
		await redis?.close();
		await stopPrograms();
	});

	it("is refused at once with a wrong password, or none, and neither is repeated", async () => {
		redis = await RedisServer.start(["--requirepass", PASSWORD]);
		const { port } = redis;
		for (const user of ["", ":another-passw0rd@", "me:another-passw0rd@"])
			await expect(openConnection(`redis://${user}127.0.0.1:${port}`)).rejects.toMatchObject({
				code: "QUEUE_REFUSED",
				message: expect.stringMatching(
					/^redis:\/\/127\.0\.0\.1:\d+ refuses the connection: (NOAUTH|WRONGPASS)/,
				),
			});
		const { close } = await openConnection(`redis://:${PASSWORD}@127.0.0.1:${port}`);
		close();
	});

	it("is refused where keys are thrown away when the memory is full", async () => {
		redis = await RedisServer.start(["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"]);
		await expect(openConnection(redis.url)).rejects.toMatchObject({
			code: "QUEUE_REFUSED",
			message: `${redis.url} has the maxmemory-policy allkeys-lru, and would throw jobs away when its memory is full; set it to noeviction`,
		});
	});

	it("is encrypted, and trusts the authorities of a file", async () => {
		const { file } = await makeCertificate(temp.path(), "IP:127.0.0.1");
		const key = file.replace(/pem$/, "key");
		redis = await RedisServer.start([
			...["--tls-port", String(await freePort()), "--tls-cert-file", file, "--tls-key-file", key],
			...["--tls-ca-cert-file", file, "--tls-auth-clients", "no"],
		]);
		const tlsPort = await redis.use(async (client) => {
			const [, port] = (await client.config("GET", "tls-port")) as string[];
			return port;
		});
		const url = `rediss://127.0.0.1:${tlsPort}`;
		await expect(openConnection(url)).rejects.toMatchObject({
			code: "NETWORK",
			message: expect.stringContaining("self-signed certificate"),
		});
		const { close } = await openConnection(url, { redisCaFile: file });
		close();
		await expect(openConnection(url, { redisCaFile: temp.path("none.pem") })).rejects.toMatchObject({
			option: "redisCaFile",
		});
	});

	it("is told to be lost when the server does not come back", async () => {
		redis = await RedisServer.start();
		const { lost, close } = await openConnection({
			port: redis.port,
			retryStrategy: (times) => (times > 3 ? null : 50),
		});
		await redis.stop();
		await expect(lost).rejects.toMatchObject({ code: "NETWORK" });
		close();
	});
});
