import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { configJsonSchema } from "../../../scripts/config-schema.ts";
import { loadConfig } from "../../../src/backup/config/load-config.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const directory = useTempDirectory();
const schema = configJsonSchema();
const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(JSON.parse(JSON.stringify(schema)));

const FULL = `
$schema: ./node_modules/zipferry/dist/zipferry.config.schema.json
defaults:
  target: s3://my-bucket/{host}/{name}/%Y-%m-%dT%H-%M-%SZ.zip
  endpoint-url: https://de-fra-1.linodeobjects.com
  credentials: { access-key-id: "\${KEY_ID}", secret-access-key: "\${KEY}" }
  keep: { last: 3, daily: 7, weekly: all, within: 30d, min: "\${MIN:-2}" }
  ping: \${PING}
  lock-wait: 10m
jobs:
  photos:
    sources:
      - ./photos
      - { path: /srv, as: "" }
      - { command: [pg_dump, shop], name: shop.sql }
      - { command: "mysqldump --all | cat", name: all.sql }
      - s3://my-bucket/uploads/
      - { url: "s3://my-bucket/logs/", as: logs, storage: { profile: logs, credentials: { access-key-id: "\${KEY_ID}", secret-access-key: "\${KEY}" } } }
      - { url: "https://example.com/a.json" }
      - { archive: old.zip, entry: docs/, as: "" }
    exclude: ["*.tmp", cache/]
    exclude-larger-than: 1G
    level: "\${LEVEL:-9}"
    strict: "\${STRICT:-true}"
    read-ahead: 100
    read-ahead-size: 64M
    skip-missing: true
    part-size: 33554432
    concurrency: 8
    bwlimit: "08:00,512k 19:00,off"
    read-timeout: 30
    metadata: { owner: me }
    mtime: "2026-01-31"
    verify: content
    prune-versions: true
    require-drill: 90d
    object-lock: { mode: governance, max: 1y, interval: 1d }
    lease: true
    hooks: { before: "date", after: [[touch, x], "date"], failed: [], finally: date }
    skip-if-unchanged: true
    rolling: { base-check: content, ignore-ctime: "\${STRICT:-true}", join-runs: true, verify-sample: 5% }
    full: every 30d
    schedule: { cron: "30 2 * * *", time-zone: Europe/Berlin, jitter: 5m }
    ping: { start: "\${PING}/start", failure: "file:ping" }
    webhook: { url: "http://localhost:9/hook", on: failure, headers: { X-Source: a } }
    mail: { url: "smtps://me:\${KEY}@mail:465", from: a@b.c, to: [d@e.f], on: [success, failure] }
    apprise: http://localhost:8000/notify/\${KEY}
    metrics-file: /var/lib/node_exporter/photos.prom
  docs:
    sources: docs
    ping: null
    keep:
`;

const ENV = { KEY_ID: "key-id-key-id", KEY: "key-key-key", PING: "https://hc-ping.com/1-2-3" };

/** The config of a job with one setting. */
const withSetting = (setting: string) =>
	`jobs:\n  a:\n    sources: x\n    target: s3://my-bucket/%Y-%m-%d.zip\n    ${setting}\n`;

async function isLoaded(text: string): Promise<boolean> {
	await directory.write({ "zipferry.config.yaml": text, ping: "https://hc-ping.com/4-5-6" });
	const loaded = loadConfig({ cwd: directory.path(), path: "zipferry.config.yaml", env: ENV });
	return loaded.then(
		() => true,
		() => false,
	);
}

describe("the JSON Schema of configs", () => {
	it("takes a config with everything in it, as the loader does", async () => {
		expect([validate(parse(FULL)), validate.errors]).toEqual([true, null]);
		expect(await isLoaded(FULL)).toBe(true);
	});

	it.each([
		"exlude: x",
		"level: 20",
		"level: high",
		"concurrency: 0",
		"concurrency: 1.5",
		"part-size: big",
		"read-ahead: 0",
		"read-ahead-size: all",
		"skip-missing: some",
		"part-size: [1]",
		"read-timeout: soon",
		"strict: yes",
		"provider: amazon",
		"exclude: 3",
		"exclude: [3]",
		"mtime: yesterday",
		"tags: { a: 1 }",
		"tags: [a]",
		"verify: all",
		"rolling: nightly",
		"rolling: { check: content }",
		"rolling: { base-check: crc }",
		"rolling: { verify-sample: 0 }",
		"rolling: { verify-sample: some }",
		"full: 30d",
		"full: every month",
		"keep: 7",
		"keep: { daily: 0 }",
		"keep: { daily: seven }",
		"keep: { dayly: 7 }",
		"keep: { within: 30 days }",
		"object-lock: { max: 1y }",
		"object-lock: { mode: hard }",
		"hooks: { before: [[]] }",
		"hooks: { befor: x }",
		"hooks: { before: { run: x } }",
		"schedule: { jitter: 5m }",
		"schedule: 5",
		"ping: https://hc-ping.com/abc",
		"ping: { begin: '${PING}' }",
		"apprise: http://localhost/notify/abc",
		"webhook: ftp://a",
		"webhook: { url: 'http://a', on: sometimes }",
		"mail: { from: a, to: b }",
		"mail: { url: 'http://a', from: a, to: b }",
		"credentials: { access-key-id: AKIA, secret-access-key: abc }",
		"metrics-file: ''",
	])("refuses what the loader refuses: %s", async (setting) => {
		const text = withSetting(setting);
		expect(await isLoaded(text)).toBe(false);
		expect(validate(parse(text))).toBe(false);
	});

	it.each([
		"jobs: []",
		"defaults: {}",
		"jobs: { 'a b': { sources: x } }",
		"jobs: { a: { target: 's3://my-bucket/%Y-%m-%d.zip' } }",
		"jobs: { a: { sources: [] } }",
		"jobs: { a: { sources: [{ command: x }] } }",
		"jobs: { a: { sources: [{ path: x, name: y }] } }",
		"jobs: { a: { sources: [{ url: x }] } }",
		"jobs: { a: { sources: [{ url: 's3://my-bucket/', storage: { retry-time: 1m } }] } }",
		"jobs: { a: { sources: [{ url: 's3://my-bucket/', storage: { provider: x } }] } }",
		"jobs: { a: { sources: [{ archive: x, path: y }] } }",
		"jobs: { a: { sources: x, target: my-bucket } }",
		"job: {}",
		"- a",
	])("refuses whole files that the loader refuses: %s", async (text) => {
		expect(await isLoaded(text)).toBe(false);
		expect(validate(parse(text))).toBe(false);
	});

	it("says of settings what the help says of options", () => {
		expect(JSON.stringify(schema)).toContain(
			"Effort, 1 (fastest) to 9 (smallest), 6 by default; with zstd 1 to 19",
		);
	});
});
