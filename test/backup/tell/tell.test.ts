import { readdir } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createTeller } from "../../../src/backup/tell/tell.ts";
import { startForwardProxy } from "../../support/forward-proxy.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { HttpListener } from "./http-listener.ts";
import { FAILURE, IMPATIENT, QUICK, RUNNING, SUCCESS, tellSettings } from "./run-reports.ts";
import { SmtpServer } from "./smtp-server.ts";

let listener: HttpListener;
beforeEach(async () => {
	listener = await HttpListener.start();
});
afterEach(() => listener.close());

const ALWAYS = ["start", "success", "failure"] as const;
const options = { patience: QUICK };

describe("a ping address", () => {
	it("is told of start, success and failure as healthchecks.io has it, with one id for the run", async () => {
		const teller = createTeller(tellSettings({ ping: `${listener.url}/ping/uuid` }));
		expect(await teller.tell("start", RUNNING)).toEqual([]);
		expect(await teller.tell("success", SUCCESS)).toEqual([]);
		expect(await teller.tell("failure", FAILURE)).toEqual([]);
		const requests = listener.heard.map(({ method, url }) => `${method} ${url.replace(/=.*/, "=")}`);
		expect(requests).toEqual([
			"GET /ping/uuid/start?rid=",
			"POST /ping/uuid?rid=",
			"POST /ping/uuid/fail?rid=",
		]);
		const ids = new Set(listener.heard.map(({ url }) => /rid=([0-9a-f-]{36})$/.exec(url)?.[1]));
		expect(ids.size).toBe(1);
		const [, success, failure] = listener.heard;
		expect(success?.body).toContain("backup photos on db1: 1.5 GiB, 12,345 entries\n");
		expect(failure?.body).toContain(
			"STORAGE_REFUSED: PutObject to s3://backups/k was refused: AccessDenied\n",
		);
	});

	it("is asked for as it is where there is one for each occasion, and not at all for others", async () => {
		const ping = { success: `${listener.url}/api/push/x?status=up` };
		const teller = createTeller(tellSettings({ ping }));
		for (const occasion of ALWAYS) await teller.tell(occasion, SUCCESS);
		expect(listener.heard.map(({ method, url }) => `${method} ${url}`)).toEqual([
			"GET /api/push/x?status=up",
		]);
	});
});

describe("a webhook", () => {
	it("gets the report as JSON, with its headers and without secrets", async () => {
		const webhook = {
			url: `${listener.url}/hook`,
			on: ALWAYS,
			headers: { Authorization: "Bearer abcdefgh" },
		};
		const error = { code: "NETWORK", message: "proxy said: authorization: Bearer abcdefgh" };
		await createTeller(tellSettings({ webhook })).tell("failure", { ...FAILURE, error });
		const [request] = listener.heard;
		expect(request).toMatchObject({ method: "POST", url: "/hook" });
		expect(request?.headers).toMatchObject({
			authorization: "Bearer abcdefgh",
			"content-type": "application/json",
		});
		const body: unknown = JSON.parse(request?.body ?? "");
		expect(body).toMatchObject({ job: "photos", status: "failure", exitCode: 5 });
		expect(request?.body).not.toContain("abcdefgh");
	});

	it("is called on the occasions that it is for", async () => {
		const webhook = { url: `${listener.url}/hook`, on: ["failure"] as const, headers: {} };
		const teller = createTeller(tellSettings({ webhook }));
		await teller.tell("start", RUNNING);
		await teller.tell("success", SUCCESS);
		expect(listener.heard).toEqual([]);
	});
});

describe("Apprise", () => {
	it.each([
		[SUCCESS, "success"],
		[FAILURE, "failure"],
		[{ ...SUCCESS, exitCode: 3 }, "warning"],
		[{ ...SUCCESS, status: "unchanged" }, "success"],
	] as const)("gets title, text and kind of a run (%#)", async (report, type) => {
		const apprise = { url: `${listener.url}/notify/key`, on: ALWAYS, headers: {} };
		await createTeller(tellSettings({ apprise })).tell("success", report);
		const body: unknown = JSON.parse(listener.heard[0]?.body ?? "");
		expect(body).toMatchObject({
			type,
			format: "text",
			title: expect.stringMatching(/^backup photos on db1: /),
		});
	});
});

describe("somebody who cannot be told", () => {
	const failing = async (ping = `${listener.url}/secret-path`) =>
		createTeller(tellSettings({ ping }), options).tell("success", SUCCESS);
	const host = () => new URL(listener.url).host;

	it("is a warning, which does not show the address", async () => {
		listener.answer = (response) => void response.writeHead(404).end("no such check");
		expect(await failing()).toEqual([
			{
				code: "NOT_TOLD",
				message: `the ping at ${host()} could not be told of the run: it answered 404: no such check`,
			},
		]);
		expect(listener.heard.length).toBe(1);
	});

	it.each([
		["answers 500", "it answered 500"],
		["closes the connection", "socket hang up"],
	])("is tried three times if it %s", async (what, message) => {
		listener.answer = (response, request) => {
			if (what === "answers 500") response.writeHead(500).end();
			if (what === "closes the connection") request.socket.destroy();
		};
		const [warning] = await failing();
		expect(warning?.message).toContain(message);
		expect(listener.heard.length).toBe(3);
	});

	it("never answers, and is given up", async () => {
		listener.answer = () => {};
		const settings = tellSettings({ ping: `${listener.url}/uuid` });
		const [warning] = await createTeller(settings, { patience: IMPATIENT }).tell("success", SUCCESS);
		expect(warning?.message).toContain("no answer within 0.5 s");
	});

	it("is told by a later try", async () => {
		listener.answer = (response, _request, count) => void response.writeHead(count < 3 ? 503 : 200).end();
		expect(await failing()).toEqual([]);
	});

	it("is not there", async () => {
		const [warning] = await failing("http://127.0.0.1:1/uuid");
		expect(warning?.message).toMatch(
			/^the ping at 127\.0\.0\.1:1 could not be told of the run: .*ECONNREFUSED/,
		);
	});

	it("sends somewhere else, and nobody follows", async () => {
		listener.answer = (response) => void response.writeHead(302, { location: `${listener.url}/other` }).end();
		const [warning] = await failing();
		expect(warning?.message).toContain("it answered 302; set the address that it redirects to");
		expect(listener.heard.length).toBe(1);
	});

	it("answers without end, and its status is enough", async () => {
		listener.answer = (response) => {
			response.writeHead(200);
			response.write("x");
		};
		expect(await failing()).toEqual([]);
	});

	it("refuses without end, and is not read to it", async () => {
		listener.answer = (response) => {
			response.writeHead(400);
			const more = (): void => void (response.destroyed || response.write("x".repeat(1e5), more));
			more();
		};
		const [warning] = await failing();
		expect(warning?.message.length).toBeLessThan(400);
	});

	it("keeps nobody else from being told", async () => {
		const dead = { url: "http://127.0.0.1:1/", on: ALWAYS, headers: {} };
		const settings = tellSettings({ ping: `${listener.url}/uuid`, webhook: dead, apprise: dead });
		const warnings = await createTeller(settings, options).tell("success", SUCCESS);
		expect(warnings.map(({ message }) => message.split(" ", 2).join(" "))).toEqual([
			"the webhook",
			"Apprise at",
		]);
		expect(listener.heard.length).toBe(1);
	});

	it("is given up when the signal aborts", async () => {
		listener.answer = () => controller.abort(reason);
		const controller = new AbortController();
		const reason = new Error("enough");
		const teller = createTeller(tellSettings({ ping: `${listener.url}/uuid` }));
		await expect(teller.tell("success", SUCCESS, controller.signal)).rejects.toBe(reason);
	});
});

describe("metrics of a teller", () => {
	const directory = useTempDirectory();

	it("are written when a run has ended, and not at its start", async () => {
		const settings = tellSettings({ metricsFile: directory.path("job.prom") });
		const teller = createTeller(settings);
		await teller.tell("start", RUNNING);
		expect(await readdir(directory.path())).toEqual([]);
		expect(await teller.tell("success", SUCCESS)).toEqual([]);
		expect(await readdir(directory.path())).toEqual(["job.prom"]);
	});

	it("are a warning if they cannot be written", async () => {
		const metricsFile = directory.path("no-such-directory/job.prom");
		const [warning] = await createTeller(tellSettings({ metricsFile }), options).tell("success", SUCCESS);
		expect(warning?.code).toBe("METRICS_NOT_WRITTEN");
		expect(warning?.message).toContain(`the metrics file ${metricsFile} could not be written: ENOENT`);
	});
});

describe("a proxy", () => {
	it("is gone through by the rules of all requests", async () => {
		const proxy = await startForwardProxy(listener.url);
		vi.stubEnv("http_proxy", `http://${proxy.address}`);
		const settings = tellSettings({ ping: "http://hc.example.com/uuid" });
		expect(await createTeller(settings, options).tell("start", RUNNING)).toEqual([]);
		expect(proxy.forwarded).toEqual([expect.stringMatching(/^http:\/\/hc\.example\.com\/uuid\/start\?rid=/)]);
		vi.unstubAllEnvs();
		await proxy.close();
	});
});

describe("nobody to be told", () => {
	it("takes no connection", async () => {
		expect(await createTeller(tellSettings({})).tell("success", SUCCESS)).toEqual([]);
	});
});

describe("all at once", () => {
	it("takes as long as the slowest, not as all of them", async () => {
		const smtp = await SmtpServer.start();
		const release: (() => void)[] = [];
		// Nobody is answered until everybody has come.
		listener.answer = (response) => {
			release.push(() => response.end());
			if (release.length === 3) for (const go of release) go();
		};
		const hook = { url: `${listener.url}/hook`, on: ALWAYS, headers: {} };
		const mail = { url: `smtp://127.0.0.1:${smtp.port}`, from: "a@x.org", to: ["b@x.org"], on: ALWAYS };
		const settings = tellSettings({ ping: `${listener.url}/uuid`, webhook: hook, apprise: hook, mail });
		expect(await createTeller(settings).tell("success", SUCCESS)).toEqual([]);
		await smtp.close();
	});
});
