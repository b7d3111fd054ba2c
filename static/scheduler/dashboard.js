/* Refreshes the front page in place: what has not changed stays, and with it the reader's focus, selection and scroll. */
(() => {
    "use strict";

    const syncAttributes = (old, fresh) => {
        for (const { name } of [...old.attributes]) {
            if (!fresh.hasAttribute(name)) old.removeAttribute(name);
        }
        for (const { name, value } of fresh.attributes) {
            if (old.getAttribute(name) !== value) old.setAttribute(name, value);
        }
    };

    const isSame = (old, fresh) =>
        old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName && (old.id || "") === (fresh.id || "");

    /* What has an id is found wherever it stands now; all else is taken in order. */
    const findMatch = (position, fresh, parent) => {
        if (position && isSame(position, fresh)) return position;
        if (!fresh.id) return null;
        return [...parent.children].find((child) => isSame(child, fresh)) || null;
    };

    const morphChildren = (old, fresh) => {
        let position = old.firstChild;
        for (const child of [...fresh.childNodes]) {
            const match = findMatch(position, child, old);
            if (!match) {
                old.insertBefore(child, position);
                continue;
            }
            if (match === position) position = position.nextSibling;
            else old.insertBefore(match, position);
            morph(match, child);
        }
        while (position) {
            const next = position.nextSibling;
            position.remove();
            position = next;
        }
    };

    const morph = (old, fresh) => {
        if (old.nodeType !== Node.ELEMENT_NODE) {
            if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
            return;
        }
        if (old.isEqualNode(fresh)) return;
        syncAttributes(old, fresh);
        morphChildren(old, fresh);
    };

    htmx.defineExtension("dash-morph", {
        isInlineSwap: (style) => style === "dash-morph",
        handleSwap: (style, target, fragment) => {
            if (style !== "dash-morph") return false;
            morphChildren(target, fragment);
            return [target];
        },
    });

    const part = (event) => event.target.closest(".dash-part");
    const say = (isLost) => {
        const line = document.getElementById("dash-refreshing");
        const text = isLost ? line.dataset.lost : "";
        if (line.textContent !== text) line.textContent = text;
    };

    /* Whoever has been logged out gets the page to log in, and not that page within this one. */
    document.addEventListener("htmx:beforeSwap", (event) => {
        const { xhr, pathInfo } = event.detail;
        if (!part(event) || !pathInfo || !xhr.responseURL) return;
        if (new URL(xhr.responseURL).pathname === new URL(pathInfo.finalRequestPath, location).pathname) return;
        event.detail.shouldSwap = false;
        location.reload();
    });
    document.addEventListener("htmx:afterRequest", (event) => {
        if (part(event)) say(!event.detail.successful);
    });
})();
