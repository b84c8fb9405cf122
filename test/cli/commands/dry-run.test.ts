import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { zipferry } from "../zipferry.ts";

const photos = "photos";

const directory = useTempDirectory();
let server: DemoServer;
beforeAll(async () => {
	server = await DemoServer.start();
});
afterAll(() => server?.close());
beforeEach(() =>
	directory.write({ "photos/a.txt": "alpha", "photos/b/c.txt": "gamma", "photos/link": { link: "a.txt" } }),
);

function upload(...args: readonly string[]) {
	return zipferry(["upload", ...args], { env: server.env, cwd: directory.path() });
}

describe("zipferry upload --dry-run (D14)", () => {
	const nowhere = {
		AWS_ENDPOINT_URL_S3: "http://127.0.0.1:1",
		AWS_REGION: "us-east-1",
		AWS_EC2_METADATA_DISABLED: "true",
	};

	it("sends no request and puts nothing into the bucket", async () => {
		const before = server.s3.requests.length;
		const outcome = await upload(photos, `s3://${BUCKET}/dry.zip`, "--dry-run");
		expect(outcome).toMatchObject({ exitCode: 0, stderr: "" });
		expect(server.s3.requests.slice(before)).toEqual([]);
	});

	it("says what it would be, without credentials and without a network", async () => {
		const args = ["upload", directory.path(photos), `s3://${BUCKET}/dry.zip`, "--dry-run"];
		const { exitCode, stdout, stderr } = await zipferry(args, {
			env: { ...nowhere, HOME: directory.path("no-home") },
		});
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		const lines = stdout.split("\n").filter((line) => !line.startsWith(" ")); // without those that go on
		expect(lines.map((line) => line.replace(/ .*/, ""))).toEqual([
			"bucket",
			"key",
			"endpoint",
			"entries",
			"bytes",
			"at",
			"ZIP64",
			"part",
			"parts",
			"memory",
			"requests",
			"moves",
			"cost",
			"",
		]);
		expect(stdout).toMatch(/^entries {5}4$/m);
	});

	it("says where it would go", async () => {
		const target = `s3://${BUCKET}/to/dry.zip`;
		const { stdout } = await upload(photos, target, "--dry-run");
		expect(stdout).toContain(
			`bucket      ${BUCKET}\nkey         to/dry.zip\nendpoint    ${server.s3.endpoint} (`,
		);
		const json = JSON.parse((await upload(photos, target, "--dry-run", "--json")).stdout) as object;
		expect(json).toMatchObject({ bucket: BUCKET, key: "to/dry.zip", endpoint: server.s3.endpoint });
	});

	it("says it in JSON, with a bound that the archive keeps to", async () => {
		const plan = await upload(photos, `s3://${BUCKET}/dry.zip`, "--dry-run", "--json");
		const { entryCount, sizeBound, maxPartCount } = JSON.parse(plan.stdout) as Record<string, number>;
		const real = await upload(photos, `s3://${BUCKET}/dry.zip`, "--method", "store", "--json");
		const { size } = JSON.parse(real.stdout) as { readonly size: number };
		expect({ entryCount, maxPartCount }).toEqual({ entryCount: 4, maxPartCount: 1 });
		expect(size).toBeLessThanOrEqual(sizeBound ?? 0);
	});

	it("finds a source that is missing", async () => {
		expect(await upload("missing", `s3://${BUCKET}/dry.zip`, "--dry-run")).toMatchObject({ exitCode: 4 });
	});
});
