import { chmod } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../src/backup/config/config-error.ts";
import { loadConfig } from "../../../src/backup/config/load-config.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const directory = useTempDirectory();

/** A config with one job that is complete. */
const JOB = `jobs:
  photos:
    sources: ./photos
    target: s3://my-bucket/{name}/%Y-%m-%d.zip
`;

async function load(text: string, env: NodeJS.ProcessEnv = {}, name = "zipferry.config.yaml") {
	await directory.write({ [name]: text });
	return loadConfig({ cwd: directory.path(), path: name, env });
}

/** What is wrong with a config, a line each. */
async function linesOf(text: string, env: NodeJS.ProcessEnv = {}, name = "zipferry.config.yaml") {
	const error = await load(text, env, name).catch((error: unknown) => error);
	expect(error).toBeInstanceOf(ConfigError);
	return (error as ConfigError).lines;
}

/** What is wrong with a setting of the job, which is in the fifth line. */
const wrongWith = async (setting: string, env: NodeJS.ProcessEnv = {}) =>
	(await linesOf(`${JOB}    ${setting}\n`, env)).join("\n");

describe("a config", () => {
	it("becomes jobs, with defaults merged into each as a whole", async () => {
		const { jobs } = await load(`
defaults:
  target: s3://my-bucket/{host}/{name}/%Y-%m-%dT%H-%M-%SZ.zip
  host: web1
  region: eu-central-1
  exclude: [a, b]
  keep: { daily: 7, weekly: 4 }
jobs:
  photos:
    sources: ./photos
    keep: { monthly: all, within: 1y6m, min: 3 }
    part-size: 32M
    connect-timeout: 5s
    bwlimit: 1M
    exclude-if-present: [.nobackup, "CACHE:tag"]
  docs:
    sources: [docs, { path: /srv, as: server }]
    region: us-east-1
    exclude: c
    lock-wait: 10m
`);
		const [photos, docs] = jobs;
		expect(jobs).toHaveLength(2);
		expect(photos).toMatchObject({
			name: "photos",
			sources: [{ path: directory.path("photos") }],
			upload: {
				region: "eu-central-1",
				exclude: ["a", "b"],
				partSize: 32 * 1024 * 1024,
				connectTimeoutMs: 5000,
				bandwidthLimit: 1024 * 1024,
				excludeIfPresent: [{ name: ".nobackup" }, { name: "CACHE", header: "tag" }],
			},
			keep: { monthly: -1, within: { years: 1, months: 6, days: 0, hours: 0 }, min: 3 },
			verify: "structure",
			lockWaitMs: 0,
		});
		expect([photos?.lease, photos?.upload.blockingReads]).toEqual([true, true]);
		expect(photos?.keep?.daily).toBeUndefined();
		expect(photos?.template.keyAt(new Date("2026-01-31T12:00:00Z"))).toBe(
			"web1/photos/2026-01-31T12-00-00Z.zip",
		);
		expect(docs).toMatchObject({
			sources: [{ path: directory.path("docs") }, { path: "/srv", as: "server" }],
			upload: { region: "us-east-1", exclude: ["c"] },
			keep: { daily: 7, weekly: 4, min: 1 },
			lockWaitMs: 600_000,
		});
	});

	it("has commands as sources: a list without a shell, a line with one", async () => {
		const { jobs } = await load(
			`${JOB.replace("./photos", '[{ command: [pg_dump, shop], name: a }, { command: "b | c", name: d }]')}`,
		);
		expect(jobs[0]?.sources).toEqual([
			{ name: "a", command: ["pg_dump", "shop"] },
			{ name: "d", command: ["/bin/sh", "-c", "b | c"] },
		]);
	});

	it("has addresses and archives as sources, in storages of their own or where the archive goes", async () => {
		const { jobs } = await load(
			`${JOB.replace(
				"./photos",
				`
      - s3://my-bucket/photos/
      - https://example.com/x?a=b
      - { url: "s3://my-bucket/docs", as: papers, storage: { endpoint-url: "https://other", ca-file: ca.pem } }
      - { archive: old.zip, entry: docs, as: "" }
      - archive: s3://my-bucket/old.zip
        storage: { profile: old, path-style: true, read-timeout: 30s, credentials: { access-key-id: "\${ID}", secret-access-key: "\${KEY}" } }
      - archive: https://example.com/old.zip
`,
			)}    read-ahead: 100
    read-ahead-size: 64M
    skip-missing: true
`,
			{ ID: "key-id-key-id", KEY: "key-key-key" },
		);
		expect(jobs[0]?.sources).toEqual([
			{ url: "s3://my-bucket/photos/" },
			{ url: "https://example.com/x?a=b" },
			{
				url: "s3://my-bucket/docs",
				as: "papers",
				storage: { endpoint: "https://other", caFile: directory.path("ca.pem") },
			},
			{ archive: directory.path("old.zip"), entry: "docs", as: "" },
			{
				archive: "s3://my-bucket/old.zip",
				storage: {
					profile: "old",
					pathStyle: true,
					readTimeoutMs: 30_000,
					credentials: { accessKeyId: "key-id-key-id", secretAccessKey: "key-key-key" },
				},
			},
			{ archive: "https://example.com/old.zip" },
		]);
		const settings = { readAhead: 100, readAheadSize: 64 * 1024 * 1024, skipMissing: true };
		expect(jobs[0]?.upload).toMatchObject(settings);
	});

	it.each([
		[
			"s3://",
			'jobs.photos.sources: "s3://" names no bucket; an address looks like s3://my-bucket/backups/photos.zip',
		],
		["s3://a/b", "jobs.photos.sources: bucket must be 3 to 255 letters"],
		[
			"{ url: photos }",
			'jobs.photos.sources.url must be an address that begins with s3://, https:// or http://, not "photos"',
		],
		[
			"{ url: s3://my-bucket/, path: x }",
			"there is no setting jobs.photos.sources.path; it may be url, as, storage",
		],
		["{ archive: '' }", "jobs.photos.sources.archive is empty; it must be the path or address of an archive"],
		[
			"{ archive: a.zip, entries: x }",
			"there is no setting jobs.photos.sources.entries; did you mean entry?",
		],
		[
			"{ url: s3://my-bucket/, storage: { retry-time: 1m } }",
			"there is no setting jobs.photos.sources.storage.retry-time",
		],
		[
			"{ url: s3://my-bucket/, storage: { region: 5 } }",
			"jobs.photos.sources.storage.region must be the name of a region, such as eu-central-1, not 5",
		],
		[
			"{ url: s3://my-bucket/, storage: { account: x } }",
			"jobs.photos.sources: the account of a storage does nothing without provider: r2",
		],
		[
			"{ url: s3://my-bucket/, storage: { credentials: { access-key-id: AKIA, secret-access-key: '${X}' } } }",
			"jobs.photos.sources.storage.credentials.access-key-id is a secret that everybody sees who sees this file; write it as ${VAR} or file:/path",
		],
		[
			"https://example.com/a?X-Amz-Signature=0123",
			"jobs.photos.sources has a token in it that everybody sees who sees this file; write it as ${VAR}",
		],
		[
			"{ url: https://me:secret@example.com/a }",
			"jobs.photos.sources.url has a password in it that everybody sees who sees this file; write it as ${VAR}",
		],
	])("says what is wrong with a source: %s", async (source, message) => {
		const [line] = await linesOf(JOB.replace("./photos", source), { X: "x" });
		expect(line).toContain(message);
		expect(line).not.toContain("AKIA");
	});

	it("takes a signature in an address from a variable", async () => {
		const address = "https://example.com/a?token=${TOKEN}&x=1";
		const { jobs } = await load(JOB.replace("./photos", address), { TOKEN: "abc" });
		expect(jobs[0]?.sources).toEqual([{ url: "https://example.com/a?token=abc&x=1" }]);
	});

	it("takes a schedule, hooks, notifiers and locks", async () => {
		const { jobs } = await load(
			`${JOB}    time-zone: UTC
    keep: { daily: 7 }
    schedule: { cron: "30 2 * * *", jitter: 5m }
    object-lock: { mode: governance, max: 1y }
    hooks: { before: "echo $HOME", after: [[touch, x], "a b"] }
    ping: \${PING}
    webhook: { url: "http://localhost:9/hook", headers: { Authorization: "Bearer \${TOKEN}" } }
    mail: { url: "smtp://me:\${MAIL_PASSWORD}@mail.example.com:587", from: a@b.c, to: d@e.f }
    metrics-file: out.prom
`,
			{ PING: "https://hc-ping.com/abc-123", TOKEN: "t0ken-t0ken", MAIL_PASSWORD: "hunter2" },
		);
		expect(jobs[0]).toMatchObject({
			schedule: { cron: "30 2 * * *", timeZone: "UTC", jitterMs: 300_000 },
			objectLock: { mode: "governance", max: { years: 1 }, intervalMs: undefined },
			hooks: { before: ["echo $HOME"], after: [["touch", "x"], "a b"], failed: [], finally: [] },
			tell: {
				ping: "https://hc-ping.com/abc-123",
				webhook: {
					url: "http://localhost:9/hook",
					on: ["success", "failure"],
					headers: { Authorization: "Bearer t0ken-t0ken" },
				},
				mail: {
					url: "smtp://me:hunter2@mail.example.com:587",
					from: "a@b.c",
					to: ["d@e.f"],
					on: ["failure"],
				},
				apprise: undefined,
				metricsFile: directory.path("out.prom"),
			},
		});
	});

	it("takes rolling backups, by themselves and with how files are compared", async () => {
		const { jobs } = await load(
			`${JOB}    rolling: true\n    full: every 30d\n  b:\n    sources: x\n    target: s3://my-bucket/b/%F.zip\n    rolling: { base-check: content, ignore-ctime: true, join-runs: true, verify-sample: 5% }\n  c:\n    sources: x\n    target: s3://my-bucket/c/%F.zip\n    rolling: false\n`,
		);
		expect(jobs[0]?.rolling).toEqual({ fullEvery: { years: 0, months: 0, days: 30, hours: 0 } });
		expect(jobs[0]?.upload).not.toHaveProperty("baseCheck");
		expect(jobs[1]).toMatchObject({
			rolling: { fullEvery: undefined },
			upload: { baseCheck: "content", ignoreCtime: true, joinRuns: true, verifySample: 0.05 },
		});
		expect(jobs[2]?.rolling).toBeUndefined();
	});

	it("takes a default away from a job that has nothing in its place", async () => {
		const { jobs } = await load(
			`defaults: { region: r, keep: { daily: 3 } }\n${JOB}    region:\n    keep: null\n`,
		);
		expect(jobs[0]?.keep).toBeUndefined();
		expect(jobs[0]?.upload.region).toBeUndefined();
	});

	it("is JSON, or JavaScript, just as well", async () => {
		const job = { sources: ["x"], target: "s3://my-bucket/%Y-%m-%d.zip", level: 3 };
		const json = await load(JSON.stringify({ jobs: { a: job } }, null, "\t"), {}, "zipferry.config.json");
		expect(json.jobs[0]?.upload.level).toBe(3);
		await directory.write({ "other.mjs": `export default { jobs: { b: ${JSON.stringify(job)} } };` });
		const program = await loadConfig({ cwd: directory.path(), path: "other.mjs", env: {} });
		expect(program.jobs.map(({ name }) => name)).toEqual(["b"]);
	});

	it("is read again when it has been changed, also as JavaScript", async () => {
		const write = (name: string, at: number) =>
			directory.write({
				"c.mjs": `export default { jobs: { ${name}: { sources: "x", target: "s3://my-bucket/%Y-%m-%d.zip" } } };${" ".repeat(at)}`,
			});
		const names = async () =>
			(await loadConfig({ cwd: directory.path(), path: "c.mjs", env: {} })).jobs.map(({ name }) => name);
		await write("first", 0);
		expect(await names()).toEqual(["first"]);
		await new Promise((resolve) => setTimeout(resolve, 20));
		await write("second", 1);
		expect(await names()).toEqual(["second"]);
	});
});

describe("where a config is", () => {
	it("is the directory, or one above it; paths in it begin there", async () => {
		await directory.write({ "zipferry.config.yaml": JOB, "a/b": null });
		const { file, jobs } = await loadConfig({ cwd: directory.path("a/b"), env: {} });
		expect(file).toBe(directory.path("zipferry.config.yaml"));
		expect(jobs[0]?.sources).toEqual([{ path: directory.path("photos") }]);
	});

	it("is told if there is none", async () => {
		await expect(loadConfig({ cwd: directory.path(), path: "no.yaml", env: {} })).rejects.toThrow(
			`there is no config ${directory.path("no.yaml")}`,
		);
		await expect(loadConfig({ cwd: "/", env: {} })).rejects.toThrow(
			"there is no zipferry.config.yaml in /, nor in a directory above",
		);
	});

	it("is not taken from a file that everybody can write to, unless it was named", async () => {
		await directory.write({ "zipferry.config.yaml": JOB });
		await chmod(directory.path("zipferry.config.yaml"), 0o666);
		await expect(loadConfig({ cwd: directory.path(), env: {} })).rejects.toThrow("everybody can write to it");
		const named = await loadConfig({ cwd: directory.path(), path: "zipferry.config.yaml", env: {} });
		expect(named.jobs).toHaveLength(1);
	});
});

describe("what is wrong with a config", () => {
	it("is told with file, line and path, and what is allowed", async () => {
		expect(await linesOf(`${JOB}    keep:\n      weekly: 4\n      daily: x\n`)).toEqual([
			'zipferry.config.yaml:7: jobs.photos.keep.daily must be a whole number from 1, or all, not "x"',
		]);
		expect(
			await linesOf('{"jobs": {\n"a": {\n\t"sources": [\n"x",\n5]}}}', {}, "zipferry.config.json"),
		).toEqual([
			"zipferry.config.json:5: jobs.a.sources[1] must be a path or address, or a mapping with path, url, archive or command, not 5",
		]);
	});

	it.each([
		["concurrency: 99", "jobs.photos.concurrency must be a whole number from 1 to 64, not 99"],
		[
			"level: high",
			'jobs.photos.level must be a whole number from 1 to 9, or up to 19 for "zstd", not "high"',
		],
		["method: lzma", 'jobs.photos.method must be "auto", "store", "deflate", "wrap" or "zstd", not "lzma"'],
		["part-size: 16", 'jobs.photos.part-size "16" is 16 bytes, less than 5 MiB; 16M is 16 MiB'],
		["part-size: 16X", 'jobs.photos.part-size is a size such as 16M or 1G, not "16X"'],
		["lock-wait: soon", 'jobs.photos.lock-wait is a time such as 30s, 10m or 1d, not "soon"'],
		["read-timeout: 2d", 'jobs.photos.read-timeout must be a time from 1 ms to 1 h, not "2d"'],
		["keep: { within: 30 days }", "jobs.photos.keep.within must be a span such as 30d, 1y6m or 36h"],
		["keep: { min: 2 }", "jobs.photos.keep has no rule in it that keeps anything, such as daily: 7"],
		["schedule: 61 * * * *", "jobs.photos.schedule is a cron expression of five fields"],
		["schedule: 0 0 30 2 *", "which is never"],
		[
			"time-zone: Europe/Berln",
			'jobs.photos.time-zone must be the name of a time zone, such as UTC or Europe/Berlin, not "Europe/Berln"',
		],
		["skip-errors: yes", 'jobs.photos.skip-errors must be true or false, not "yes"'],
		["tags: { a: 1 }", "jobs.photos.tags.a must be text, not 1"],
		["exclude:", "jobs.photos.exclude has no value; it must be a pattern, or a list of patterns"],
		["hooks: { befor: x }", "there is no setting jobs.photos.hooks.befor; did you mean before?"],
		["exlude: x", "there is no setting jobs.photos.exlude; did you mean exclude?"],
		["constructor: x", "there is no setting jobs.photos.constructor"],
		["__proto__: { a: 1 }", "there is no setting jobs.photos.__proto__"],
		["mail: { from: a, to: b }", "jobs.photos.mail.url is missing"],
		["mail: { url: 'http://a', from: a, to: b }", "must be a URL that begins with smtp:// or smtps://"],
		["webhook: nonsense", "must be a URL that begins with http:// or https://"],
		[
			"object-lock: { mode: hard }",
			'jobs.photos.object-lock.mode must be "governance" or "compliance", not "hard"',
		],
		["object-lock: { mode: governance, interval: 1d }", "jobs.photos.object-lock does nothing without keep"],
		["full: every 30d", "jobs.photos.full does nothing without rolling: true"],
		["full: 30d", 'jobs.photos.full must be every and a span, such as every 30d, not "30d"'],
		["full: every 30 days", "jobs.photos.full must be every and a span, such as every 30d"],
		["full: every 30x", "jobs.photos.full must be a span such as 30d, 1y6m or 36h"],
		["rolling: nightly", "jobs.photos.rolling must be true, false, or a mapping with base-check"],
		["rolling: { baseCheck: content }", "no setting jobs.photos.rolling.baseCheck; did you mean base-check?"],
		[
			"rolling: { verify-sample: 0 }",
			'jobs.photos.rolling.verify-sample is a share such as 5% or 0.05, not "0"',
		],
		[
			"rolling: true\n    transport: lib-storage",
			"jobs.photos.rolling does nothing with transport: lib-storage",
		],
		["prune-versions: true", "jobs.photos.prune-versions does nothing without keep"],
		["account: abc", "jobs.photos.account does nothing without provider: r2"],
		["sse-kms-key-id: abc", "jobs.photos.sse-kms-key-id does nothing without sse: aws:kms"],
		["exclude-from: nowhere", "jobs.photos.exclude-from cannot be read: ENOENT"],
		["metadata: { 'a b': c }", 'jobs.photos.metadata: the name "a b" in metadata cannot be part of a header'],
		["level: 3\n    level: 4", "zipferry.config.yaml:6: level is there twice"],
		["level: !!nope 3", "zipferry.config.yaml:5: unresolved tag"],
		["level: *three", "zipferry.config.yaml:5: Unresolved alias"],
		["? [a]\n    : b", "zipferry.config.yaml:5: a name is text, and no list or mapping"],
		["level: [", "zipferry.config.yaml:"],
	])("is exact: %s", async (setting, message) => {
		const said = await wrongWith(setting);
		expect(said).toContain(message);
		expect(said).toMatch(/^zipferry\.config\.yaml:[56]: /);
	});

	it.each([
		["", "zipferry.config.yaml:1: is empty"],
		["- a", "zipferry.config.yaml:1: must be a mapping with jobs, not a list"],
		["defaults: {}", "zipferry.config.yaml:1: jobs is missing"],
		["jobs: {}", "zipferry.config.yaml:1: jobs has no job in it"],
		["jobs: { a: { target: 's3://b/%Y-%m-%d.zip' } }", "zipferry.config.yaml:1: jobs.a.sources is missing"],
		["jobs: { a: { sources: b } }", "zipferry.config.yaml:1: jobs.a.target is missing"],
		["jobs: { a/b: { sources: b } }", 'zipferry.config.yaml:1: jobs["a/b"] must be a name of the letters'],
		[
			"jobs: { constructor: { sources: b } }",
			"zipferry.config.yaml:1: jobs.constructor cannot be the name of a job",
		],
		["a: 1\n---\nb: 2", "zipferry.config.yaml:2: a second document begins here"],
	])("is told of whole files: %j", async (text, message) => {
		expect((await linesOf(text)).join("\n")).toContain(message);
	});

	it("is told all at once, in the order of the file, the first ten", async () => {
		const wrong = Array.from({ length: 12 }, (_, index) => `    unknown-${index}: 1\n`).join("");
		const lines = await linesOf(`${JOB}${wrong}`);
		expect(lines).toHaveLength(11);
		expect(lines[0]).toContain("zipferry.config.yaml:5: there is no setting jobs.photos.unknown-0");
		expect(lines.at(-1)).toBe("and 2 more");
	});

	it("is told of a target whose times are ambiguous, in the words of a config", async () => {
		const text = JOB.replace("%d.zip", "%dT%H.zip");
		expect(await linesOf(`${text}    time-zone: Europe/Berlin\n`)).toEqual([
			expect.stringMatching(/^zipferry\.config\.yaml:4: jobs\.photos\.target: .*ambiguous.*time-zone: UTC/),
		]);
	});

	it("is told where two jobs would remove each other's archives", async () => {
		const two = `${JOB}  docs:\n    sources: x\n    target: s3://my-bucket/photos/%Y-%m-%d.zip\n`;
		expect(await linesOf(two)).toEqual([
			"zipferry.config.yaml:5: jobs.docs has the same target as jobs.photos; put {name} into it",
		]);
	});

	it("is told where two jobs would write one file of metrics", async () => {
		const two = `defaults: { metrics-file: m.prom }\n${JOB}  docs:\n    sources: x\n    target: s3://my-bucket/{name}/%Y-%m-%d.zip\n`;
		expect(await linesOf(two)).toEqual([
			"zipferry.config.yaml:6: jobs.docs has the same metrics-file as jobs.photos; put {name} into it",
		]);
		const { jobs } = await load(two.replace("m.prom", '"{name}.prom"'));
		expect(jobs.map(({ tell }) => tell.metricsFile)).toEqual(
			["photos", "docs"].map((name) => directory.path(`${name}.prom`)),
		);
	});

	it("points to the defaults if it is there", async () => {
		expect(await linesOf(`defaults:\n  tags: { "": x }\n${JOB}`)).toEqual([
			expect.stringMatching(/^zipferry\.config\.yaml:2: defaults\.tags/),
		]);
	});

	it("is told of programs", async () => {
		await directory.write({
			"a.mjs": "export const a = 1;",
			"b.mjs": "\n\nthrow new Error('oh');",
			"c.mjs": "export default { jobs: { a: { sources: () => 1 } } };",
		});
		const said = (path: string) => loadConfig({ cwd: directory.path(), path, env: {} });
		await expect(said("a.mjs")).rejects.toThrow("a.mjs: exports nothing by default");
		await expect(said("b.mjs")).rejects.toThrow("b.mjs:3: cannot be loaded: oh");
		await expect(said("c.mjs")).rejects.toThrow("c.mjs: jobs.a.sources must be");
		await directory.write({ "d.mjs": "\nprocess.exit(0);" });
		await expect(said("d.mjs")).rejects.toThrow("d.mjs:2: cannot be loaded: it calls process.exit");
	});

	it("is given up when it is to stop, also if it waits for what never comes", async () => {
		await directory.write({ "e.mjs": "export default await new Promise(() => {});" });
		const stop = new AbortController();
		const path = "e.mjs";
		const loading = loadConfig({ cwd: directory.path(), path, env: {}, signal: stop.signal });
		stop.abort(new Error("stopped"));
		await expect(loading).rejects.toThrow(/^stopped$/);
	});

	it("is told of bytes that are no UTF-8, which would name other files", async () => {
		await directory.write({ "latin.yaml": Buffer.from(JOB.replace("photos\n", "caf\xe9\n"), "latin1") });
		const loading = loadConfig({ cwd: directory.path(), path: "latin.yaml", env: {} });
		await expect(loading).rejects.toThrow("latin.yaml:1: is no text in UTF-8");
	});
});
