import { chmod } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../src/backup/config/config-error.ts";
import { loadConfig } from "../../../src/backup/config/load-config.ts";
import { knownSecrets } from "../../../src/secrets/known-secrets.ts";
import { redact } from "../../../src/secrets/redact.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const directory = useTempDirectory();

async function load(setting: string, env: NodeJS.ProcessEnv = {}) {
	await directory.write({
		"zipferry.config.yaml": `jobs:\n  photos:\n    sources: ./photos\n    target: s3://my-bucket/{name}/%Y-%m-%d.zip\n    ${setting}\n`,
	});
	const { jobs, warnings } = await loadConfig({ cwd: directory.path(), env });
	return { job: jobs[0], warnings };
}

async function wrongWith(setting: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
	const error = await load(setting, env).catch((error: unknown) => error);
	expect(error).toBeInstanceOf(ConfigError);
	return (error as ConfigError).lines.join("\n");
}

describe("variables in a config", () => {
	it("stand in any text, and become numbers where one is wanted", async () => {
		const env = { REGION: "eu-central-1", N: "7", FLAG: "true", SIZE: "32M", EMPTY: "" };
		const { job } = await load(
			[
				"region: ${REGION}",
				"concurrency: ${N}",
				'level: "${LEVEL:-9}"',
				"strict: ${FLAG}",
				"part-size: ${SIZE}",
				"comment: a$${N}$$-${EMPTY:-b}-${EMPTY}-$HOME-${N}",
			].join("\n    "),
			env,
		);
		expect(job?.upload).toMatchObject({
			region: "eu-central-1",
			concurrency: 7,
			level: 9,
			strict: true,
			partSize: 32 * 1024 * 1024,
			comment: "a${N}$-b--$HOME-7",
		});
	});

	it.each([
		["region: ${NOPE}", "jobs.photos.region needs the environment variable NOPE, which is not set"],
		[
			"ping: https://hc-ping.com/${NOPE}",
			"jobs.photos.ping needs the environment variable NOPE, which is not set",
		],
		[
			'comment: "${a b}"',
			'jobs.photos.comment has "${a b}", which names no variable; write $${ for a plain ${',
		],
		['comment: "${open"', 'jobs.photos.comment has "${open", which names no variable'],
	])("are told if they are not set, or none: %s", async (setting, message) => {
		expect(await wrongWith(setting)).toBe(
			`zipferry.config.yaml:5: ${message}${message.endsWith("variable") ? "; write $${ for a plain ${" : ""}`,
		);
	});
});

describe("secrets in a config", () => {
	it("are not shown where they are no addresses", async () => {
		const said = await wrongWith("ping: ${PING}", { PING: "hc-uuid" });
		expect(said).toBe(
			"zipferry.config.yaml:5: jobs.photos.ping must be a URL that begins with http:// or https://",
		);
	});

	it.each([
		["ping: https://hc-ping.com/3f9c-aaaa", "jobs.photos.ping is a secret"],
		["ping: { failure: https://hc-ping.com/3f9c-aaaa }", "jobs.photos.ping.failure is a secret"],
		["ping: ${PING:-https://hc-ping.com/3f9c-aaaa}", "jobs.photos.ping is a secret"],
		["apprise: http://localhost:8000/notify/key", "jobs.photos.apprise is a secret"],
		["apprise: { url: http://localhost:8000/notify/key }", "jobs.photos.apprise.url is a secret"],
		[
			"mail: { url: 'smtp://me:hunter2hunter2@mail', from: a, to: b }",
			"jobs.photos.mail.url has a password in it",
		],
		[
			"mail: { url: 'smtp://me:${PW:-hunter2hunter2}@mail', from: a, to: b }",
			"jobs.photos.mail.url has a password in it",
		],
		["webhook: https://example.com/hook?token=abc", "jobs.photos.webhook has a token in it"],
		["webhook: https://hooks.slack.com/services/T1/B2/abcdef", "jobs.photos.webhook has a token in it"],
		[
			"webhook: { url: 'https://x.example/3f9c8d7e6a5b4c3d2e1f' }",
			"jobs.photos.webhook.url has a token in it",
		],
		[
			"webhook: { url: 'http://h', headers: { Authorization: Bearer abc } }",
			"jobs.photos.webhook.headers.Authorization is a secret",
		],
		[
			"webhook: { url: 'http://h', headers: { X-Api-Key: abc } }",
			"jobs.photos.webhook.headers.X-Api-Key is a secret",
		],
		[
			"credentials: { access-key-id: AKIA, secret-access-key: '${S}' }",
			"jobs.photos.credentials.access-key-id is a secret",
		],
		[
			"credentials: { access-key-id: '${S}', secret-access-key: abcdefgh }",
			"jobs.photos.credentials.secret-access-key is a secret",
		],
		[
			"endpoint-url: https://me:hunter2hunter2@s3.example.com",
			"jobs.photos.endpoint-url has a password in it",
		],
		["hooks: { before: 'pg_dump postgres://me:hunter2hunter2@db/shop' }", "has a password in it"],
	])("are refused in plain text, and not shown: %s", async (setting, message) => {
		const said = await wrongWith(setting, { S: "abcdefghijk" });
		expect(said).toContain(message);
		expect(said).toContain("write it as ${VAR}");
		expect(said).not.toMatch(/hunter2|3f9c|notify/);
	});

	it.each([
		"ping: ${PING}",
		"ping: https://hc-ping.com/${PING_ID}/nightly",
		"webhook: http://localhost:9000/hooks/backup-done",
		"webhook: { url: 'http://localhost:9000', headers: { Content-Language: en } }",
		"mail: { url: 'smtp://localhost:25', from: a, to: b }",
		"mail: { url: 'smtp://me:${PASSWORD}@mail', from: a, to: b }",
	])("may be in variables, and what is none may stand there: %s", async (setting) => {
		const env = { PING: "https://hc-ping.com/0000-1111", PING_ID: "0000-2222", PASSWORD: "pa55-word" };
		expect((await load(setting, env)).job).toBeDefined();
	});

	it("are shown nowhere once the config is loaded", async () => {
		await load("ping: https://hc-ping.com/${PING_ID}/nightly", { PING_ID: "7777-8888-9999" });
		await load("hooks: { before: 'mysqldump -p${DB_PASSWORD}' }", { DB_PASSWORD: "very-secret-word" });
		const secrets = knownSecrets({});
		expect(secrets).toContain("7777-8888-9999");
		expect(secrets).toContain("7777-8888-9999/nightly");
		expect(secrets).toContain("very-secret-word");
	});

	it("are what is behind the host of an address, and not the host, which says who could not be told", async () => {
		await load("ping: ${PING}", { PING: "https://hc-of-this-test.example:8443/aaaa-bbbb-dddd" });
		const message =
			"the ping at hc-of-this-test.example:8443 (https://hc-of-this-test.example:8443/aaaa-bbbb-dddd)";
		expect(redact(message)).toBe(
			"the ping at hc-of-this-test.example:8443 (https://hc-of-this-test.example:8443/[secret])",
		);
	});

	it("are all kept from being shown, however many there are", async () => {
		const numbers = Array.from({ length: 100 }, (_, index) => index);
		const jobs = numbers.map(
			(n) => `  a${n}: { sources: x, target: "s3://my-bucket/{name}/%Y-%m-%d.zip", ping: "\${P${n}}" }\n`,
		);
		await directory.write({ "zipferry.config.yaml": `jobs:\n${jobs.join("")}` });
		const env = Object.fromEntries(numbers.map((n) => [`P${n}`, `https://hc-ping.com/many-${n}`]));
		await loadConfig({ cwd: directory.path(), env });
		expect(knownSecrets({})).toEqual(expect.arrayContaining(Object.values(env)));
	});

	it("are read from files, without white space around them", async () => {
		await directory.write({ "ping.url": "  https://hc-ping.com/aaaa-bbbb\n" });
		await chmod(directory.path("ping.url"), 0o600);
		const { job, warnings } = await load("ping: file:ping.url");
		expect(job?.tell.ping).toBe("https://hc-ping.com/aaaa-bbbb");
		expect(warnings).toEqual([]);
		expect(knownSecrets({})).toContain("aaaa-bbbb");
	});

	it("are warned about if their file is open to all", async () => {
		await directory.write({ "ping.url": "https://hc-ping.com/aaaa-cccc" });
		await chmod(directory.path("ping.url"), 0o644);
		const { warnings } = await load("ping: file:ping.url");
		expect(warnings).toEqual([
			`zipferry.config.yaml:5: jobs.photos.ping: ${directory.path("ping.url")} is open to all users; chmod 600 closes it`,
		]);
	});

	it.each([
		["file:nowhere", "cannot be read: ENOENT"],
		["file:empty", "which is empty"],
		["file:.", "which is no file"],
	])("are told if their file has none: %s", async (reference, message) => {
		await directory.write({ empty: "\n" });
		expect(await wrongWith(`ping: ${reference}`)).toContain(`zipferry.config.yaml:5: jobs.photos.ping`);
		expect(await wrongWith(`ping: ${reference}`)).toContain(message);
	});
});

describe("a config that is a program", () => {
	it("may look variables up itself, and has no secrets of its own", async () => {
		const write = (ping: string) =>
			directory.write({
				"c.mjs": `export default { jobs: { a: { sources: "x", target: "s3://my-bucket/%Y-%m-%d.zip", ping: ${ping} } } };//${ping}`,
			});
		const env = { PING: "https://hc-ping.com/dddd-eeee" };
		await write(JSON.stringify(env.PING));
		const { jobs } = await loadConfig({ cwd: directory.path(), path: "c.mjs", env });
		expect(jobs[0]?.tell.ping).toBe(env.PING);
		expect(knownSecrets({})).toContain("dddd-eeee");
		await expect(loadConfig({ cwd: directory.path(), path: "c.mjs", env: {} })).rejects.toThrow(
			"jobs.a.ping is a secret",
		);
	});
});
