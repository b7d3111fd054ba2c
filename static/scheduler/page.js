// Adds to the theme's pages what helps people who do not see them, where its templates offer no place to say it.
(() => {
    // An icon is drawn from a word, which nobody is to hear before a button's name; some have no other name.
    const silenceIcons = (root) => {
        root.querySelectorAll(".material-symbols-outlined").forEach((icon) => {
            const control = icon.closest("a, button");
            const isName = control && !control.ariaLabel && control.textContent.trim() === icon.textContent.trim();
            if (!isName) icon.setAttribute("aria-hidden", "true");
        });
    };
    const mend = () => {
        // One landmark holds what the page is about; the navigation is another.
        (document.getElementById("main") || document.getElementById("page"))?.setAttribute("role", "main");
        // Each scrolling box calls itself a region, all by one name; the keyboard reaches them all the same.
        document.querySelectorAll(".simplebar-content-wrapper").forEach((box) => {
            box.removeAttribute("role");
            box.removeAttribute("aria-label");
        });
        // An icon that has a name is an image.
        document.querySelectorAll("span.help-tooltip[aria-label]").forEach((icon) => icon.setAttribute("role", "img"));
        silenceIcons(document);
        // A column of buttons that name themselves has no heading.
        document.querySelectorAll("th").forEach((cell) => {
            if (!cell.textContent.trim() && !cell.children.length) {
                cell.setAttribute("role", "cell");
            }
        });
    };
    // A page that is as light or dark as the machine follows it, also when evening comes: the theme looks but once.
    const followMachine = () => {
        const choice = window.Alpine?.$data(document.documentElement);
        if (choice?.adminTheme === "auto") {
            choice.adminTheme = "";
            choice.adminTheme = "auto";
        }
    };
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", followMachine);
    // The theme's own scripts, which write such things, run when the page has been loaded.
    addEventListener("load", () => setTimeout(mend));
    // What comes later.
    document.addEventListener("htmx:load", (event) => silenceIcons(event.detail.elt.parentNode || document));
})();
