// Adds to the theme's pages what helps people who do not see them, where its templates offer no place to say it.
(() => {
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
        // A column of buttons that name themselves has no heading.
        document.querySelectorAll("th").forEach((cell) => {
            if (!cell.textContent.trim() && !cell.children.length) {
                cell.setAttribute("role", "cell");
            }
        });
    };
    // The theme's own scripts, which write such things, run when the page has been loaded.
    addEventListener("load", () => setTimeout(mend));
})();
