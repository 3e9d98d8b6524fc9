// The journeys in the browser, on one engine that they share, a town for each journey. All run on a desktop in Spanish;
// what must hold everywhere, on a phone in English too: each width and each language is seen once, not each pair of them.
// Where the engine answers comes from PREGON_URL, the browser from CHROMIUM; `cargo xtask test browser` sets both.
import { existsSync } from 'node:fs';
import { defineConfig, type PlaywrightTestConfig } from '@playwright/test';

const url = process.env.PREGON_URL;
if (!url) {
  throw new Error(
    'PREGON_URL is not set: these journeys need a running engine with the test doors. `cargo xtask test browser` starts one.',
  );
}

// Debian's browser; where it is not there Playwright looks for its own.
const program = process.env.CHROMIUM ?? '/usr/bin/chromium';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const desktop = { viewport: { width: 1440, height: 900 } };
const everywhere = /(life|accessible)\.spec\.ts$/;
// How pages look is recorded alone, and only when asked for: a picture that is missing is a failure, not a new picture.
const recording = process.env.PREGON_RECORD_SCREENS === '1';

const config: PlaywrightTestConfig = defineConfig({
  testDir: '.',
  outputDir: '../../target/browser',
  // On two cores: each waits for the engine, the clock or the browser half of its time.
  workers: 3,
  retries: 0,
  forbidOnly: true,
  // Limits of what hangs, not of what is slow: a machine that is busy takes several times as long as one that is not.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: 'line',
  snapshotPathTemplate: '{testDir}/screens/{arg}{ext}',
  updateSnapshots: recording ? 'all' : 'none',
  use: {
    baseURL: url,
    timezoneId: 'Europe/Madrid',
    actionTimeout: 60_000,
    // In a context of its own a worker takes a page over some seconds after it was opened, and what is routed or heard from
    // then on is not what it was. Journeys that are about the worker allow it.
    serviceWorkers: 'block',
    // What moves is in between two places, and two colours, while it moves. A context that a journey makes itself is given this too.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: existsSync(program) ? program : undefined,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // Letters are drawn alike everywhere: without the colours of a screen's own points, and where they are, not where they would be crisp.
        '--disable-lcd-text',
        '--font-render-hinting=none',
      ],
    },
  },
  projects: [
    // First, alone: the engine has no organisation yet, and only then can the set-up link be used.
    { name: 'set-up', testMatch: 'set-up.spec.ts', use: { ...desktop, locale: 'es-ES' } },
    { name: 'phone, English', testMatch: recording ? [] : everywhere, dependencies: ['set-up'], use: { ...phone, locale: 'en-GB' } },
    {
      name: 'desktop, Spanish',
      testMatch: recording ? 'screens.spec.ts' : /\.spec\.ts$/,
      testIgnore: 'set-up.spec.ts',
      dependencies: ['set-up'],
      use: { ...desktop, locale: 'es-ES' },
    },
  ],
});
export default config;
