// A passkey device in software, given by the browser's own debugging protocol.
import type { Page } from '@playwright/test';

/** Gives a page a device that holds passkeys and always recognises its holder. */
export async function authenticator(page: Page): Promise<void> {
  const protocol = await page.context().newCDPSession(page);
  await protocol.send('WebAuthn.enable');
  await protocol.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** Makes a passkey of a signed-in page's device, as the page of one's devices does. The page is on a site with a session. */
export async function enrol(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ask = async (path: string, body: unknown) => {
      const headers = { 'x-pregon': '1', 'content-type': 'application/json' };
      const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
      return answer.json();
    };
    const { challenge, options } = await ask('/api/enrolments/options', { by: 'session' });
    const publicKey = (PublicKeyCredential as any).parseCreationOptionsFromJSON(options);
    const credential = (await navigator.credentials.create({ publicKey })) as any;
    await ask('/api/enrolments', { challenge, credential: credential.toJSON(), label: 'El teléfono' });
  });
}
