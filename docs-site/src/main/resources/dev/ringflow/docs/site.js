// Theme, versions, tabs and search of the guides; on pages of the API only the versions. No page needs it to be read.
(function () {
  'use strict'
  var root = document.documentElement

  // The key and its values are Dokka's, so that guides and API are light or dark together.
  var THEME = 'dokka-dark-mode'

  function remembered (key) {
    try { return window.localStorage.getItem(key) } catch (e) { return null }
  }

  function remember (key, value) {
    try { window.localStorage.setItem(key, value) } catch (e) { /* private windows have no memory */ }
  }

  function isDark () {
    var chosen = remembered(THEME)
    return chosen === null ? window.matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'true'
  }

  function showTheme () {
    root.setAttribute('data-theme', isDark() ? 'dark' : 'light')
  }

  var isGuide = document.currentScript !== null && !document.currentScript.hasAttribute('data-api')
  var base = (document.currentScript && document.currentScript.getAttribute('data-api')) || ''
  if (isGuide) showTheme()

  document.addEventListener('DOMContentLoaded', function () {
    if (isGuide) {
      base = document.body.getAttribute('data-base')
      setUpTheme()
      setUpContents()
      setUpTabs()
      setUpSearch()
    }
    setUpVersions()
  })

  function setUpTheme () {
    document.getElementById('theme').addEventListener('click', function () {
      remember(THEME, String(!isDark()))
      showTheme()
    })
  }

  function setUpContents () {
    if (window.matchMedia('(max-width: 52rem)').matches) document.querySelector('.contents').removeAttribute('open')
  }

  function setUpTabs () {
    var inputs = document.querySelectorAll('.tabs input')
    function choose (language) {
      inputs.forEach(function (input) { if (input.value === language) input.checked = true })
    }
    inputs.forEach(function (input) {
      input.addEventListener('change', function () {
        choose(input.value)
        remember('ringflow-language', input.value)
      })
    })
    choose(remembered('ringflow-language'))
  }

  function setUpVersions () {
    var versions = window.ringflowVersions
    var place = document.getElementById(isGuide ? 'version' : 'library-version')
    if (!versions || !place || versions.all.length < 2) return
    var list = document.createElement('select')
    list.setAttribute('aria-label', 'Version')
    versions.all.forEach(function (version) {
      var option = document.createElement('option')
      option.value = version.path
      option.textContent = version.name
      option.selected = version.name === versions.current
      list.appendChild(option)
    })
    list.addEventListener('change', function () {
      window.location.href = base + list.value + 'index.html'
    })
    place.textContent = ''
    place.appendChild(list)
  }

  // --- search ---------------------------------------------------------------------------------------------------------

  var MOST = 30

  function setUpSearch () {
    var input = document.getElementById('search')
    var found = document.getElementById('found')
    var chosen = -1

    function load (then) {
      if (window.ringflowSearch) return then()
      var script = document.createElement('script')
      script.src = base + 'search-index.js'
      script.onload = then
      document.head.appendChild(script)
    }

    function show () {
      var words = input.value.toLowerCase().split(/\s+/).filter(Boolean)
      found.hidden = words.length === 0
      if (words.length > 0) load(function () { list(search(words)) })
    }

    function list (rows) {
      found.textContent = ''
      chosen = -1
      rows.forEach(function (row) {
        var link = document.createElement('a')
        link.href = base + row[2]
        link.textContent = row[0]
        var context = document.createElement('small')
        context.textContent = (row[3] ? 'Guide: ' : '') + row[1]
        link.appendChild(context)
        var item = document.createElement('li')
        item.appendChild(link)
        found.appendChild(item)
      })
      if (rows.length === 0) {
        var nothing = document.createElement('li')
        nothing.innerHTML = '<p>Nothing found</p>'
        found.appendChild(nothing)
      }
    }

    function choose (step) {
      var links = found.querySelectorAll('a')
      if (links.length === 0) return
      if (chosen >= 0) links[chosen].classList.remove('chosen')
      chosen = (chosen + step + links.length) % links.length
      links[chosen].classList.add('chosen')
      links[chosen].scrollIntoView({ block: 'nearest' })
    }

    input.addEventListener('input', show)
    input.addEventListener('focus', show)
    input.addEventListener('keydown', function (event) {
      if (event.key === 'Escape') {
        found.hidden = true
      } else if (event.key === 'ArrowDown') {
        choose(1)
        event.preventDefault()
      } else if (event.key === 'ArrowUp') {
        choose(-1)
        event.preventDefault()
      } else if (event.key === 'Enter') {
        var link = found.querySelectorAll('a')[Math.max(chosen, 0)]
        if (link) window.location.href = link.href
      }
    })
    document.addEventListener('click', function (event) {
      if (!event.target.closest('.search')) found.hidden = true
    })
    document.addEventListener('keydown', function (event) {
      if (event.key === '/' && !/input|select|textarea/i.test(event.target.tagName)) {
        input.focus()
        event.preventDefault()
      }
    })
  }

  // All words must be there; the nearer to the title, the better.
  function search (words) {
    var rows = []
    window.ringflowSearch.forEach(function (row) {
      var title = row[0].toLowerCase()
      var context = row[1].toLowerCase()
      var text = row[3].toLowerCase()
      var score = 0
      for (var i = 0; i < words.length; i++) {
        var part = scoreOf(words[i], title, context, text)
        if (part === 0) return
        score += part
      }
      if (text) score += 3
      rows.push([score, row])
    })
    rows.sort(function (a, b) { return b[0] - a[0] || a[1][0].length - b[1][0].length })
    return rows.slice(0, MOST).map(function (scored) { return scored[1] })
  }

  function scoreOf (word, title, context, text) {
    if (title === word) return 20
    if (title.indexOf(word) === 0) return 12
    if (title.indexOf(word) > 0) return 8
    if (context.indexOf(word) >= 0) return 4
    return text.indexOf(word) >= 0 ? 2 : 0
  }
})()
