<#-- Dokka's own header, but its home button leads to our front page, from wherever the page is. -->
<#import "source_set_selector.ftl" as source_set_selector>
<#macro display>
    <header class="navigation theme-dark" id="navigation-wrapper" role="banner">
        <@template_cmd name="pathToRoot">
            <a class="library-name--link" href="${pathToRoot}index.html" tabindex="1">
                <@template_cmd name="projectName">
                    ${projectName}
                </@template_cmd>
            </a>
        </@template_cmd>
        <button class="navigation-controls--btn navigation-controls--btn_toc ui-kit_mobile-only" id="toc-toggle"
                type="button">Toggle table of contents
        </button>
        <div class="navigation-controls--break ui-kit_mobile-only"></div>
        <div class="library-version" id="library-version">
            <@version/>
        </div>
        <#-- the list of versions, as on the guides -->
        <@template_cmd name="pathToRoot">
            <script src="${pathToRoot}../versions.js"></script>
            <script src="${pathToRoot}../site.js" data-api="${pathToRoot}../"></script>
        </@template_cmd>
        <div class="navigation-controls">
            <@source_set_selector.display/>
            <@template_cmd name="pathToRoot">
                <a class="navigation-controls--btn navigation-controls--btn_homepage" id="homepage-link"
                   href="${pathToRoot}../index.html"></a>
            </@template_cmd>
            <button class="navigation-controls--btn navigation-controls--btn_theme" id="theme-toggle-button"
                    type="button">Switch theme
            </button>
            <div class="navigation-controls--btn navigation-controls--btn_search" id="searchBar" role="button">Search in
                API
            </div>
        </div>
    </header>
</#macro>
