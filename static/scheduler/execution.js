// The output of a run is followed to its end, unless the reader has scrolled away from it; and what can be copied, is.
(() => {
    const MOST_PIECES = 2000;
    const MOST_CHARACTERS = 1000000;
    const log = document.getElementById("execution-log");
    const follow = document.getElementById("execution-follow");
    const alone = document.getElementById("execution-alone");
    const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 8;
    const goToEnd = () => { log.scrollTop = log.scrollHeight; };

    // What has gone by for hours would make the page slow; all that is kept is one link away.
    const trim = () => {
        let length = log.textContent.length;
        if (length <= MOST_CHARACTERS && log.childNodes.length <= MOST_PIECES) return;
        const mark = log.querySelector(".execution-cut") || document.createElement("span");
        mark.className = "execution-gap execution-cut";
        mark.textContent = `${log.dataset.cut}\n`;
        mark.remove();
        while (log.childNodes.length > 1 && (length > MOST_CHARACTERS / 2 || log.childNodes.length > MOST_PIECES / 2)) {
            length -= log.firstChild.textContent.length;
            log.firstChild.remove();
        }
        log.prepend(mark);
    };

    if (follow) {
        follow.closest("label").hidden = false;
        goToEnd();
        follow.addEventListener("change", () => { if (follow.checked) goToEnd(); });
        log.addEventListener("scroll", () => { follow.checked = isAtEnd(); });
    }

    document.body.addEventListener("htmx:oobAfterSwap", (event) => {
        if (event.detail.target !== log) return;
        const isFollowed = !follow || follow.checked;
        if (isFollowed) {
            trim();
            goToEnd();
        }
    });

    // What has ended needs nobody to follow it.
    document.body.addEventListener("htmx:afterSwap", () => {
        if (follow && !document.querySelector("#execution-times[hx-get]")) follow.closest("label").hidden = true;
    });

    // An answer that is none of this page's: a log-in form, after the session has ended.
    document.body.addEventListener("htmx:beforeSwap", (event) => {
        if (event.detail.target.id !== "execution-times") return;
        const asked = event.detail.pathInfo.requestPath.split("?")[0];
        const isOurs = new URL(event.detail.xhr.responseURL, location.href).pathname === asked;
        if (!isOurs) event.detail.shouldSwap = false;
        alone.hidden = isOurs && event.detail.xhr.status < 400;
    });
    document.body.addEventListener("htmx:sendError", () => { alone.hidden = false; });

    const copy = async (button) => {
        const text = document.getElementById(button.dataset.copies);
        try {
            await navigator.clipboard.writeText(text.textContent);
        } catch {
            // Browsers offer the clipboard to pages over TLS only; the selection can be copied everywhere.
            text.closest("details").open = true;
            getSelection().selectAllChildren(text);
            if (!document.execCommand("copy")) return;
        }
        const label = button.textContent;
        button.textContent = button.dataset.done;
        setTimeout(() => { button.textContent = label; }, 2000);
    };
    const offerCopies = (root) => {
        for (const button of root.querySelectorAll("button[data-copies]")) button.hidden = false;
    };
    document.body.addEventListener("click", (event) => {
        const button = event.target.closest("button[data-copies]");
        if (button) copy(button);
    });
    document.body.addEventListener("htmx:oobAfterSwap", (event) => offerCopies(event.detail.target.parentNode || document));
    offerCopies(document);
})();
