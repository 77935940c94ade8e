// Passkeys: a form that says what it needs is filled in by the browser, then sent like any other.
"use strict";

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const named = (keys = []) => keys.map((key) => ({ ...key, id: bytes(key.id) }));

const create = (asked) =>
  navigator.credentials.create({
    publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
      user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: named(asked.excludeCredentials),
    },
  });

const get = (asked) =>
  navigator.credentials.get({
    publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials: named(asked.allowCredentials) },
  });

const sent = (credential) => {
  const said = { clientDataJSON: text(credential.response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) said[part] = text(credential.response[part]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: said });
};

if (window.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-needs-passkeys], form[data-passkey]")) part.hidden = false;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const problem = form.querySelector("[role=alert]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      problem.hidden = true;
      try {
        const asked = JSON.parse(form.dataset.options);
        const credential = await (form.dataset.passkey === "create" ? create(asked) : get(asked));
        form.elements.credential.value = sent(credential);
        form.submit();
      } catch {
        problem.hidden = false;
      }
    });
  }
}
