from vakhta.cli.main import main

raise SystemExit(main())
