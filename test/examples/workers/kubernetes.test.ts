import { chmod, readFile } from "node:fs/promises";
import { QueueKeys } from "bullmq";
import type { Deployment } from "kubernetes-models/apps/v1";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { noise } from "../../support/bytes.ts";
import { DemoServer } from "../../support/demo-server.ts";
import { type Outcome, Program, stopPrograms } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { zipNames } from "../../support/zip-contents.ts";
import { documentsOf, validateDocuments } from "../kubernetes-documents.ts";
import { typeErrors } from "../kubernetes-types.ts";

const EXAMPLES = new URL("../../../examples/workers/kubernetes/", import.meta.url).pathname;
const FAKE = new URL("fake-kubectl.ts", import.meta.url).pathname;
const FILES = ["plan-job.yaml", "work-job.yaml", "finish-job.yaml", "workers.yaml"];
/** Enough for two shards. */
const NAMES = Array.from({ length: 14 }, (_, index) => `${String(index).padStart(2, "0")}.jpg`);

const example = (name: string) => readFile(`${EXAMPLES}${name}`, "utf8");
const directory = useTempDirectory();

describe("examples/workers/kubernetes", () => {
	it.each(FILES)("%s is what Kubernetes has schemas for", async (name) => {
		validateDocuments(await example(name));
	});

	it("has no field that there is not", { tags: "slow" }, async () => {
		const all = (await Promise.all(FILES.map(example))).join("\n---\n");
		expect(await typeErrors(all, directory.path())).toEqual([]);
		const misspelt = all.replace("backoffLimitPerIndex", "backoffLimitPerIndices");
		expect((await typeErrors(misspelt, directory.path())).join()).toContain("backoffLimitPerIndices");
	});

	it("scales the workers by the lists that BullMQ has", async () => {
		interface Scaled {
			readonly scaleTargetRef: { readonly name: string };
			readonly triggers: readonly {
				readonly type: string;
				readonly metadata: { readonly listName: string };
			}[];
		}
		const [scaled] = documentsOf(await example("keda.yaml")) as [{ readonly spec: Scaled }];
		const [deployment] = documentsOf(await example("workers.yaml")) as [Deployment];
		expect(scaled.spec.scaleTargetRef.name).toBe(deployment.metadata?.name);
		const { wait, active } = new QueueKeys("bull").getKeys("zipferry");
		expect(scaled.spec.triggers.map(({ metadata }) => metadata.listName)).toEqual([wait, active]);
	});
});

describe("examples/workers/kubernetes/run.sh", { tags: "slow", timeout: 300_000 }, () => {
	let server: DemoServer;
	beforeAll(async () => {
		server = await DemoServer.start();
	});
	afterAll(() => server?.close());
	beforeEach(async () => {
		const script = `#!/bin/sh\nexec "${process.execPath}" --import tsx "${FAKE}" "$@"\n`;
		await directory.write({ "bin/kubectl": script, cluster: null });
		await chmod(directory.path("bin/kubectl"), 0o755);
		for (const name of NAMES) await server.put(`photos/${name}`, noise(3 * 1024 ** 2));
	});
	afterEach(stopPrograms);

	function run(env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
		const PATH = `${directory.path("bin")}:${process.env["PATH"]}`;
		const own = { PATH, HOME: directory.path(), CLUSTER: directory.path("cluster"), INTERVAL: "0" };
		return new Program("sh", [`${EXAMPLES}run.sh`], {
			env: { ...server.env, ...server.storage, ...own, ...env },
		}).ended;
	}

	const besides = async () => (await server.keys()).filter((key) => key.includes(".zipferry-shards"));

	it("makes one archive of as many indexes as there are shards", async () => {
		const outcome = await run();
		expect(outcome, outcome.stderr).toMatchObject({ exitCode: 0 });
		expect(await zipNames((await server.get("photos.zip")).bytes)).toEqual(NAMES);
		const pods = (await directory.read("cluster/pods.log")).trim().split("\n");
		expect(pods.slice(0, 3)).toEqual(["zipferry-plan - 0", "zipferry-work 0 0", "zipferry-work 1 0"]);
		expect(pods.at(-1)).toBe("zipferry-finish - 0");
		expect(await besides()).toEqual([]);
	});
});
