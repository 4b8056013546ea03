// `npm test`: everything that continuous integration runs, from a fresh clone. The last line counts
// it all: each test is one, and so are lint, types and build.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, checkNode, install, root, run, StepFailed, step, turbo } from "./steps.mjs";

/** What the tests need beside npm packages: the Debian package, and a file that shows it is there. */
const SYSTEM_PACKAGES = [
  {
    name: "chromium",
    files: ["/usr/bin/chromium", process.env.CHROME_PATH],
    for: "headless Chrome, and its SwiftShader as a WebGPU adapter without a GPU",
  },
  {
    name: "libvulkan1",
    files: ["x86_64", "aarch64"].map((cpu) => `/usr/lib/${cpu}-linux-gnu/libvulkan.so.1`),
    for: "WebGPU in Node and Deno",
  },
  {
    name: "mesa-vulkan-drivers",
    files: ["/usr/share/vulkan/icd.d/lvp_icd.x86_64.json", "/usr/share/vulkan/icd.d/lvp_icd.json"],
    for: "the driver with wrong numbers that the self-check must refuse",
  },
  {
    name: "redis-server",
    files: ["/usr/bin/redis-server"],
    for: "the queue of sweeps",
  },
  {
    name: "openssl",
    files: ["/usr/bin/openssl"],
    for: "a certificate for that queue",
  },
  {
    name: "mkdocs-material",
    files: ["/usr/share/mkdocs/themes/material/mkdocs_theme.yml"],
    for: "the element in a site of MkDocs Material",
  },
];

checkNode();
const count = { passed: 0, failed: 0, skipped: 0 };
const failedSteps = [];
if (await gate(install)) {
  await installSystemPackages();
  await gate(() =>
    step("Linting", process.execPath, [bin("@biomejs/biome"), "check", "--error-on-warnings"]),
  );
  if (await gate(build)) {
    await gate(() => turbo("Checking types", "check"));
    await tests();
  }
}
for (const title of failedSteps) console.error(`Failed beside the tests: ${title}; see above.`);
const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : "";
console.log(`${count.passed} passed, ${count.failed} failed${skipped}`);
process.exitCode = count.failed === 0 ? 0 : 1;

/** Runs a step and counts it; whether it passed. */
async function gate(run) {
  try {
    await run();
    count.passed++;
    return true;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    count.failed++;
    failedSteps.push(error.message);
    return false;
  }
}

/** On Debian and Ubuntu as root it installs what is missing; elsewhere it says what that is. */
async function installSystemPackages() {
  if (process.platform !== "linux") return;
  const missing = SYSTEM_PACKAGES.filter(
    ({ files }) => !files.some((file) => file && existsSync(file)),
  );
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name);
  if (process.getuid() === 0 && existsSync("/usr/bin/apt-get")) {
    const apt = (...args) =>
      step(`Running apt-get ${args.join(" ")}`, "apt-get", args, {
        DEBIAN_FRONTEND: "noninteractive",
      });
    try {
      await apt("update");
      await apt("install", "-y", "--no-install-recommends", ...names);
      return;
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
    }
  }
  console.error("Missing, so some tests cannot run here:");
  for (const { name, for: use } of missing) console.error(`  ${name}: ${use}`);
  console.error(
    `On Debian or Ubuntu: sudo apt-get install --no-install-recommends ${names.join(" ")}`,
  );
}

async function tests() {
  const folder = mkdtempSync(join(tmpdir(), "clab-test-"));
  const results = join(folder, "results.json");
  console.error("Running the tests ...");
  const code = await run(
    process.execPath,
    [bin("vitest"), "run", "--reporter=default", "--reporter=json", `--outputFile.json=${results}`],
    { stdio: ["ignore", "inherit", "inherit"] },
  );
  const failedBefore = count.failed;
  if (existsSync(results)) addResults(JSON.parse(readFileSync(results, "utf8")));
  // A crash, or an error outside of any test, leaves no failed test behind.
  if (code !== 0 && count.failed === failedBefore) count.failed++;
  rmSync(folder, { recursive: true });
}

function addResults({ numPassedTests, numFailedTests, numPendingTests, testResults }) {
  count.passed += numPassedTests;
  count.failed += numFailedTests;
  count.skipped += numPendingTests;
  // A file that cannot be loaded fails without having a test.
  count.failed += testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  ).length;
}

/** The JavaScript file behind a package's command. */
function bin(name) {
  const folder = join(root, "node_modules", name);
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof bin === "string" ? bin : Object.values(bin)[0]);
}
