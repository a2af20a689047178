// Runs one program with a time limit and keeps what it printed.
import { spawn } from "node:child_process";
import process from "node:process";
import { root } from "./paths.mjs";

/** What a machine that is slow and busy needs for anything but a whole run of the suite; it only ends what hangs. */
export const longestMs = 600_000;

const running = new Map();

/** Ends everything that was started and is still running. */
export function stopAll() {
  for (const [child, signal] of running) kill(child, signal);
}

// Children are groups of their own, so a Ctrl-C on the terminal reaches only us.
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    stopAll();
    process.exit(130);
  });
}

/**
 * Runs `command` without a shell and without a terminal.
 *
 * When time is up its whole process group is ended: a script of this folder by `endWith: "SIGTERM"`, so that it can end
 * what it started itself; anything else at once.
 *
 * @returns Exit code (1 when it could not start or ran out of time), what it printed, and the seconds it took.
 */
export function run(command, args = [], options = {}) {
  const { cwd = root, env = {}, timeoutMs = longestMs } = options;
  const { endWith = "SIGKILL" } = options;
  const started = performance.now();
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...quietEnvironment(), ...env },
      stdio: ["ignore", "pipe", "pipe"],
      // Its own process group, so that the time limit also ends its children.
      detached: process.platform !== "win32",
    });
    running.set(child, endWith);
    const all = [], out = [];
    child.stdout.on("data", (chunk) => (all.push(chunk), out.push(chunk)));
    child.stderr.on("data", (chunk) => all.push(chunk));
    let late = false, problem = "";
    const timer = setTimeout(() => {
      late = true;
      kill(child, endWith);
      setTimeout(() => kill(child, "SIGKILL"), 3000).unref();
    }, timeoutMs);
    const finish = (code) => {
      if (!running.delete(child)) return;
      clearTimeout(timer);
      if (late) problem = `stopped after ${timeoutMs / 1000} s: it did not end`;
      const output = plain(Buffer.concat(all)) + problem;
      done({
        code: late || problem ? 1 : code ?? 1,
        output,
        stdout: plain(Buffer.concat(out)),
        late,
        seconds: (performance.now() - started) / 1000,
      });
    };
    child.on("error", (error) => {
      problem = `Cannot start ${command}: ${error.message}`;
      finish(1);
    });
    child.on("close", (code) => finish(code));
    // A grandchild that keeps the pipe open must not keep us waiting.
    child.on("exit", (code) => setTimeout(() => finish(code), 10_000).unref());
  });
}

/** Text without colours: not every program listens to NO_COLOR. */
function plain(bytes) {
  // deno-lint-ignore no-control-regex -- escape sequences begin with one
  return bytes.toString().replace(/\x1b\[[0-9;]*m/g, "");
}

function kill(child, signal) {
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It is gone already.
  }
}

/** The environment without colours, npm's own variables and a surrounding test runner. */
function quietEnvironment() {
  const env = { ...process.env, NO_COLOR: "1" };
  for (const name of Object.keys(env)) {
    // `npm test` hands its whole configuration down; a newer npm then warns about each unknown name.
    if (/^npm_(package|lifecycle|command|execpath|node_execpath)/.test(name)) {
      delete env[name];
    }
  }
  for (const name of ["FORCE_COLOR", "NODE_TEST_CONTEXT", "NODE_OPTIONS"]) {
    delete env[name];
  }
  // Deno and Bun take a proxy from the environment; the servers of tests are on this machine.
  for (const name of ["NO_PROXY", "no_proxy"]) {
    env[name] = [env[name], "localhost", "127.0.0.1"].filter(Boolean).join();
  }
  return {
    ...env,
    DENO_NO_UPDATE_CHECK: "1",
    npm_config_loglevel: "error",
    // A registry that does not answer for a moment is no reason to fail.
    npm_config_fetch_retries: "6",
  };
}
